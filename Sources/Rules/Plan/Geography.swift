import Glibc

/// Distances on a sphere of the Earth's mean radius: at most 0.6 % from the ellipsoid's.
enum Geography {
  /// Of the Earth, in metres (IUGG).
  static let meanRadius = 6_371_008.8
  /// Nobody is asked to be faster: what happens in less time is taken to have taken this long.
  static let shortestTravelMilliseconds: Int64 = 1_000

  /// Two coordinates in one word, both in millionths of a degree; what is beyond the poles or 180° is cut there.
  static func packed(latitude: Int64, longitude: Int64) -> Int64 {
    let north = max(-90_000_000, min(90_000_000, latitude))
    let east = max(-180_000_000, min(180_000_000, longitude))
    return north << 32 | (east & 0xFFFF_FFFF)
  }

  /// Metres between two packed places (haversine formula), rounded.
  static func metres(_ from: Int64, _ to: Int64) -> Int64 {
    let (latitude, longitude) = radians(from)
    let (otherLatitude, otherLongitude) = radians(to)
    let latitudeSine = sin((otherLatitude - latitude) / 2)
    let longitudeSine = sin((otherLongitude - longitude) / 2)
    let haversine =
      latitudeSine * latitudeSine + cos(latitude) * cos(otherLatitude) * longitudeSine * longitudeSine
    return Int64((2 * meanRadius * asin(min(1, haversine.squareRoot()))).rounded())
  }

  static func metresAnHour(_ metres: Int64, in milliseconds: Int64) -> Int64 {
    metres.multipliedSaturated(by: 3_600_000) / max(shortestTravelMilliseconds, milliseconds)
  }

  private static func radians(_ place: Int64) -> (latitude: Double, longitude: Double) {
    let degree = Double.pi / 180e6
    return (Double(place >> 32) * degree, Double(Int32(truncatingIfNeeded: place)) * degree)
  }
}

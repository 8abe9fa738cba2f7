import Foundation

/// The UTC offsets of a time zone from 2000 to 2070, taken from Foundation once, so that evaluation is a binary search.
/// Before and after these years the first and the last offset hold.
struct ZoneTable: Hashable, Sendable {
  static let firstYear: Int64 = 2000
  static let endYear: Int64 = 2071

  /// When each offset begins, in Unix seconds, rising; the first one begins with time itself.
  var starts: [Int64]
  /// Seconds east of UTC.
  var offsets: [Int32]

  static let utc = ZoneTable(starts: [.min], offsets: [0])

  /// Names for "did you mean".
  static var knownNames: [String] { ["UTC"] + TimeZone.knownTimeZoneIdentifiers }

  static func isKnown(_ name: String) -> Bool {
    name == "UTC" || (name.contains("/") && TimeZone(identifier: name) != nil)
  }

  init(starts: [Int64], offsets: [Int32]) {
    (self.starts, self.offsets) = (starts, offsets)
  }

  /// The table of an IANA zone; `nil` for a name that there is not.
  init?(name: String) {
    guard name != "UTC" else {
      self = .utc
      return
    }
    guard Self.isKnown(name), let zone = TimeZone(identifier: name) else { return nil }
    let offset = { (second: Int64) in
      Int32(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }
    var second = CivilDate.days(year: Self.firstYear, month: 1, day: 1) * 86_400
    let end = CivilDate.days(year: Self.endYear, month: 1, day: 1) * 86_400
    (starts, offsets) = ([.min], [offset(second)])
    while second < end {
      let next = second + 86_400
      let later = offset(next)
      if later != offsets[offsets.count - 1] {
        starts.append(Self.change(between: second, and: next, offset))
        offsets.append(later)
      }
      second = next
    }
  }

  /// The first second after `start` with the offset of `end`; no zone changes twice within a day.
  private static func change(between start: Int64, and end: Int64, _ offset: (Int64) -> Int32) -> Int64 {
    let wanted = offset(end)
    var (before, after) = (start, end)
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if offset(middle) == wanted { after = middle } else { before = middle }
    }
    return after
  }
}

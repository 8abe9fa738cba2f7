/// Which tile: C2SP tlog-tiles, height 8.
public struct Tile: Hashable, Sendable {
  public static let height = 8
  /// Hashes in a full tile.
  public static let width = 256

  public let level: Int
  public let number: UInt64
  /// 1 to 256; 256 is a full tile.
  public let width: Int

  public init(level: Int, number: UInt64, width: Int = Tile.width) {
    self.level = level
    self.number = number
    self.width = width
  }

  /// `tile/<L>/<N>[.p/<W>]`, for instance `tile/0/x001/x234/067.p/12`.
  public var path: String {
    let full = "tile/\(level)/\(Self.pathElements(number))"
    return width == Self.width ? full : "\(full).p/\(width)"
  }

  /// The directory of this tile's partial forms.
  var partialDirectory: String { "tile/\(level)/\(Self.pathElements(number)).p" }

  /// Three decimal digits an element, all but the last with an `x` before.
  static func pathElements(_ number: UInt64) -> String {
    let last = threeDigits(number % 1000)
    var rest = number / 1000
    var elements: [String] = []
    while rest > 0 {
      elements.insert("x" + threeDigits(rest % 1000), at: 0)
      rest /= 1000
    }
    return (elements + [last]).joined(separator: "/")
  }

  private static func threeDigits(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }

  /// How many hashes the tree of `size` leaves has at a tile level: complete subtrees of 256^level leaves.
  static func hashCount(level: Int, size: UInt64) -> UInt64 {
    level * height >= UInt64.bitWidth ? 0 : size >> UInt64(level * height)
  }

  /// The tiles at the right edge of the tree of `size` leaves, lowest level first; full ones are not among them.
  static func partials(size: UInt64) -> [Tile] {
    (0..<UInt64.bitWidth / height).compactMap { level in
      let count = hashCount(level: level, size: size)
      let width = Int(count % UInt64(Self.width))
      return width == 0 ? nil : Tile(level: level, number: count / UInt64(Self.width), width: width)
    }
  }
}

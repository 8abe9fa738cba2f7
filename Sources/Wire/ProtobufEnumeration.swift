/// An enumeration of the contract, open as proto3's are: numbers that this version does not know are kept.
///
/// A struct with a constant for each known value, so `switch` needs a `default`.
public protocol ProtobufEnumeration: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible
where RawValue == Int32 {
  /// The value with this number, known or not.
  init(rawValue: Int32)

  /// The known values' names as the contract spells them, by number; of aliases the first.
  static var names: [Int32: String] { get }
}

extension ProtobufEnumeration {
  /// The value 0, which absent fields show.
  public init() {
    self.init(rawValue: 0)
  }

  public init(from decoder: any Decoder) throws {
    self.init(rawValue: try decoder.singleValueContainer().decode(Int32.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }

  /// The name as the contract spells it, or the number when it has none.
  public var description: String { Self.names[rawValue] ?? String(rawValue) }
}

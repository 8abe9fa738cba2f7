/// A message of the contract: a plain `Codable` struct whose coding keys are the field numbers.
///
/// The compiler writes the coding; `schema` says what Swift's types do not (zig-zag or fixed, packed, the contract's own
/// names). protogen writes both from a .proto file:
///
///     public struct Money: ProtobufMessage {
///       public var minorUnits: Int64 = 0
///       public var currency: String = ""
///
///       enum CodingKeys: Int, CodingKey { case minorUnits = 1, currency = 2 }
///
///       public static let schema = ProtobufSchema("gatehouse.v1.Money", [
///         .init(1, "minor_units", .sint64), .init(2, "currency", .string),
///       ])
///     }
///
/// Absent scalars read as their type's default; `Optional` properties tell absent from default.
public protocol ProtobufMessage: Codable, Equatable, Sendable {
  /// The fields as the wire knows them.
  static var schema: ProtobufSchema { get }
}

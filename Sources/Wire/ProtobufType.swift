/// A proto3 field's type. Several share one Swift type; the type tells how its bits stand on the wire.
public struct ProtobufType: Sendable {
  /// The proto3 types by name, and maps.
  enum Kind: UInt8, Sendable {
    case bool, int32, int64, uint32, uint64, sint32, sint64, enumeration
    case fixed32, sfixed32, float
    case fixed64, sfixed64, double
    case string, bytes, message, map
  }

  let kind: Kind

  /// A message's own schema, or that of a map's entries. A closure, for messages may hold each other.
  let schema: (@Sendable () -> ProtobufSchema)?

  private init(_ kind: Kind, schema: (@Sendable () -> ProtobufSchema)? = nil) {
    self.kind = kind
    self.schema = schema
  }

  /// `Bool`
  public static let bool = ProtobufType(.bool)
  /// `Int32`
  public static let int32 = ProtobufType(.int32)
  /// `Int64`
  public static let int64 = ProtobufType(.int64)
  /// `UInt32`
  public static let uint32 = ProtobufType(.uint32)
  /// `UInt64`
  public static let uint64 = ProtobufType(.uint64)
  /// `Int32`, zig-zag
  public static let sint32 = ProtobufType(.sint32)
  /// `Int64`, zig-zag
  public static let sint64 = ProtobufType(.sint64)
  /// A `ProtobufEnumeration`
  public static let enumeration = ProtobufType(.enumeration)
  /// `UInt32` in four bytes
  public static let fixed32 = ProtobufType(.fixed32)
  /// `Int32` in four bytes
  public static let sfixed32 = ProtobufType(.sfixed32)
  /// `Float`
  public static let float = ProtobufType(.float)
  /// `UInt64` in eight bytes
  public static let fixed64 = ProtobufType(.fixed64)
  /// `Int64` in eight bytes
  public static let sfixed64 = ProtobufType(.sfixed64)
  /// `Double`
  public static let double = ProtobufType(.double)
  /// `String`
  public static let string = ProtobufType(.string)
  /// `[UInt8]`
  public static let bytes = ProtobufType(.bytes)

  /// A `ProtobufMessage`.
  public static func message(_ schema: @escaping @Sendable () -> ProtobufSchema) -> ProtobufType {
    ProtobufType(.message, schema: schema)
  }

  /// A `Dictionary`. On the wire: repeated messages with the key as field 1 and the value as field 2.
  public static func map(_ key: ProtobufType, _ value: ProtobufType) -> ProtobufType {
    let entry = ProtobufSchema("", [.init(1, "key", key, .optional), .init(2, "value", value, .optional)])
    return ProtobufType(.map, schema: { entry })
  }
}

extension ProtobufType.Kind {
  /// How one value stands on the wire.
  var wireType: WireType {
    switch self {
    case .bool, .int32, .int64, .uint32, .uint64, .sint32, .sint64, .enumeration: .varint
    case .fixed32, .sfixed32, .float: .fixed32
    case .fixed64, .sfixed64, .double: .fixed64
    case .string, .bytes, .message, .map: .lengthDelimited
    }
  }
}

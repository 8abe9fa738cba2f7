/// The proto3 types that are no message and no enumeration, spelled as in a .proto file.
enum ScalarType: String, CaseIterable {
  case double, float, int32, int64, uint32, uint64, sint32, sint64, fixed32, fixed64, sfixed32, sfixed64, bool
  case string, bytes

  /// The Swift type that holds it.
  var swiftName: String {
    switch self {
    case .double: "Double"
    case .float: "Float"
    case .int32, .sint32, .sfixed32: "Int32"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint32, .fixed32: "UInt32"
    case .uint64, .fixed64: "UInt64"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    }
  }

  /// The default, as Swift spells it.
  var swiftDefault: String {
    switch self {
    case .bool: "false"
    case .string: "\"\""
    case .bytes: "[]"
    default: "0"
    }
  }

  /// The wire type's number.
  var wireType: Int {
    switch self {
    case .double, .fixed64, .sfixed64: 1
    case .float, .fixed32, .sfixed32: 5
    case .string, .bytes: 2
    default: 0
    }
  }

  /// Whether maps may have it as a key.
  var isMapKey: Bool { ![.double, .float, .bytes].contains(self) }
}

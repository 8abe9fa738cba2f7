import Wire

/// A message with a field of every kind that a contract can have.
struct Sample: ProtobufMessage {
  var flag = false
  var small: Int32 = 0
  var large: Int64 = 0
  var natural: UInt32 = 0
  var huge: UInt64 = 0
  var ratio: Double = 0
  var share: Float = 0
  var someText = ""
  var data: [UInt8] = []
  var colour = Colour()
  var maybe: Int64?
  var inner: Inner?
  var numbers: [Int64] = []
  var inners: [Inner] = []
  var colours: [Colour] = []
  var labels: [String: String] = [:]
  var byNumber: [Int32: Inner] = [:]

  enum CodingKeys: Int, CodingKey {
    case flag = 1
    case small, large, natural, huge, ratio, share, someText, data, colour
    case maybe = 20
    case inner, numbers, inners, colours, labels, byNumber
  }

  static let schema = ProtobufSchema(
    "test.Sample",
    [
      .init(1, "flag", .bool), .init(2, "small", .int32), .init(3, "large", .sint64), .init(4, "natural", .fixed32),
      .init(5, "huge", .uint64), .init(6, "ratio", .double), .init(7, "share", .float),
      .init(8, "some_text", .string), .init(9, "data", .bytes), .init(10, "colour", .enumeration),
      .init(20, "maybe", .int64, .optional), .init(21, "inner", .message { Inner.schema }),
      .init(22, "numbers", .int64, .repeated), .init(23, "inners", .message { Inner.schema }, .repeated),
      .init(24, "colours", .enumeration, .repeated), .init(25, "labels", .map(.string, .string)),
      .init(26, "by_number", .map(.int32, .message { Inner.schema })),
    ])
}

struct Inner: ProtobufMessage {
  var lastSeenAt: Int64 = 0

  enum CodingKeys: Int, CodingKey { case lastSeenAt = 1 }

  static let schema = ProtobufSchema("test.Inner", [.init(1, "last_seen_at", .int64)])
}

struct Colour: ProtobufEnumeration {
  let rawValue: Int32

  static let unspecified = Colour(rawValue: 0)
  static let darkRed = Colour(rawValue: 1)

  static let names: [Int32: String] = [0: "COLOUR_UNSPECIFIED", 1: "DARK_RED"]
}

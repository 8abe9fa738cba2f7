import Wire

/// Messages in proto3's JSON mapping (https://protobuf.dev/programming-guides/json/).
///
/// Names are written in lower camel case (`customerId`) and read in that or the contract's own spelling
/// (`customer_id`). 64-bit integers are texts, read also as numbers; enumerations are names, read also as numbers; bytes
/// are base 64. A field without presence is written even when it holds its default, so that a reader sees every answer.
/// A field that the message lacks is an error: a misspelt name must not be taken for an absent value.
extension ProtobufMessage {
  /// Reads a message.
  ///
  /// Throws `JSONMappingError`.
  public init(json: JSONValue) throws {
    self = try readMessage(Self.self, json, at: "")
  }

  /// The message as JSON, fields in the order of their declaration.
  ///
  /// Throws `JSONMappingError` only for a type that the contract cannot express.
  public func json() throws -> JSONValue {
    try writeMessage(self, at: "")
  }
}

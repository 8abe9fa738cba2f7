import Foundation
import Wire

/// The JSON form of any value that a contract's message can hold.
func writeJSON(_ value: some Any, at path: String) throws -> JSONValue {
  switch value {
  case let scalar as any JSONScalar: return scalar.json
  // The type is compared, for an empty list of anything can be cast to [UInt8].
  case let bytes as [UInt8] where type(of: value) == [UInt8].self: return .string(Data(bytes).base64EncodedString())
  case let message as any ProtobufMessage: return try writeMessage(message, at: path)
  case let enumeration as any ProtobufEnumeration: return name(enumeration)
  case let collection as any JSONCollection: return try collection.json(at: path)
  default: throw JSONMappingError(path: path, reason: .unsupportedType("\(type(of: value))"))
  }
}

func writeMessage<Message: ProtobufMessage>(_ message: Message, at path: String) throws -> JSONValue {
  let writer = MessageWriter(schema: Message.schema, path: path)
  try message.encode(to: writer)
  return .object(writer.members)
}

private func name<Enumeration: ProtobufEnumeration>(_ value: Enumeration) -> JSONValue {
  Enumeration.names[value.rawValue].map { .string($0) } ?? .number(String(value.rawValue))
}

import Foundation
import Wire

/// The value of any type that a contract's message can hold, from JSON.
func readJSON<Value>(_ type: Value.Type, _ json: JSONValue, at path: String) throws -> Value {
  let value: Any
  switch type {
  case let scalar as any JSONScalar.Type: value = try scalar.init(json: json, at: path)
  case is [UInt8].Type: value = try bytes(json, at: path)
  case let message as any ProtobufMessage.Type: value = try readMessage(message, json, at: path)
  case let enumeration as any ProtobufEnumeration.Type: value = try readName(enumeration, json, at: path)
  case let collection as any JSONCollection.Type: value = try collection.init(json: json, at: path)
  default: throw JSONMappingError(path: path, reason: .unsupportedType("\(type)"))
  }
  return try typed(value, type, at: path)
}

/// What a field of any such type holds when nobody sets it.
func absentValue<Value>(_ type: Value.Type, at path: String) throws -> Value {
  let value: Any
  switch type {
  case let scalar as any JSONScalar.Type: value = scalar.init()
  case let message as any ProtobufMessage.Type: value = try readMessage(message, .object([]), at: path)
  case let enumeration as any ProtobufEnumeration.Type: value = enumeration.init(rawValue: 0)
  case let collection as any JSONCollection.Type: value = collection.init()
  default: throw JSONMappingError(path: path, reason: .unsupportedType("\(type)"))
  }
  return try typed(value, type, at: path)
}

private func typed<Value>(_ value: Any, _ type: Value.Type, at path: String) throws -> Value {
  guard let typed = value as? Value else { throw JSONMappingError(path: path, reason: .unsupportedType("\(type)")) }
  return typed
}

func readMessage<Message: ProtobufMessage>(
  _ type: Message.Type, _ json: JSONValue, at path: String
) throws -> Message {
  guard case .object(let members) = json else { throw mismatch("an object", json, path) }
  return try Message(from: MessageReader(fields: try fields(members, of: Message.schema, at: path), path: path))
}

/// The members by the numbers of their fields. Both of a field's spellings are read; null is the same as absent.
private func fields(
  _ members: [JSONValue.Member], of schema: ProtobufSchema, at path: String
) throws(JSONMappingError) -> [Int: MessageReader.Field] {
  var fields: [Int: MessageReader.Field] = [:]
  for member in members {
    let place = ProtoJSON.path(path, member.name)
    guard let field = schema.fields.first(where: { $0.name == member.name || $0.jsonName == member.name }) else {
      throw JSONMappingError(path: place, reason: .unknownField(known: schema.fields.map(\.name)))
    }
    guard fields[field.number] == nil else { throw JSONMappingError(path: place, reason: .duplicate) }
    fields[field.number] = MessageReader.Field(path: place, value: member.value)
  }
  return fields.filter { $0.value.value != .null }
}

/// An enumeration's value by its name or its number; numbers that nobody named are kept.
private func readName<Enumeration: ProtobufEnumeration>(
  _ type: Enumeration.Type, _ json: JSONValue, at path: String
) throws(JSONMappingError) -> Enumeration {
  guard case .string(let name) = json else { return Enumeration(rawValue: try Int32(json: json, at: path)) }
  if let number = Enumeration.names.first(where: { $0.value == name })?.key { return Enumeration(rawValue: number) }
  let known = Enumeration.names.sorted { $0.key < $1.key }.map(\.value)
  throw JSONMappingError(path: path, reason: .unknownEnumName(name, known: known))
}

/// Base 64, standard or for URLs, with or without padding (RFC 4648).
private func bytes(_ json: JSONValue, at path: String) throws(JSONMappingError) -> [UInt8] {
  guard case .string(let text) = json else { throw mismatch("a text in base 64", json, path) }
  var standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
  if !standard.hasSuffix("=") { standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4) }
  guard let data = Data(base64Encoded: standard) else { throw mismatch("a text in base 64", json, path) }
  return Array(data)
}

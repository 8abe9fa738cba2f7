import Foundation

@testable import Wire
@testable import protogen

/// Whether a message is what proto3 JSON says, fields by the contract's names; nil if so, else where they differ.
///
/// What the message holds is asked of Foundation's JSON coder, which shares nothing with ours but the coding keys.
func difference<Message: ProtobufMessage>(_ message: Message, _ json: String) throws -> String? {
  let ours = try JSONSerialization.jsonObject(with: JSONEncoder().encode(message))
  let theirs = try JSONSerialization.jsonObject(with: Data(json.utf8))
  return difference(ours, theirs, Message.schema, "")
}

private func difference(_ ours: Any, _ theirs: Any, _ schema: ProtobufSchema, _ path: String) -> String? {
  guard let ours = ours as? [String: Any], var theirs = theirs as? [String: Any] else { return path }
  for field in schema.fields {
    let own = ours[SwiftName.camelCase(field.name)]
    let expected = theirs.removeValue(forKey: field.name)
    let here = "\(path).\(field.name)"
    switch (own, expected) {
    case (nil, nil): continue
    case (let own?, nil): if !isDefault(own) { return here }
    case (let own?, let expected?):
      if let found = difference(own, expected, field, here) { return found }
    default: return here
    }
  }
  return theirs.isEmpty ? nil : "\(path) lacks \(theirs.keys.sorted())"
}

private func difference(_ own: Any, _ expected: Any, _ field: ProtobufField, _ path: String) -> String? {
  if field.label == .repeated, let own = own as? [Any], let expected = expected as? [Any] {
    guard own.count == expected.count else { return path }
    return zip(own, expected).lazy.compactMap { valueDifference($0, $1, field, path) }.first
  }
  return valueDifference(own, expected, field, path)
}

/// Whether proto3 JSON leaves the value out.
private func isDefault(_ own: Any) -> Bool {
  switch own {
  case let list as [Any]: list.isEmpty
  case let map as [String: Any]: map.isEmpty
  case let text as String: text.isEmpty
  default: (own as? Double) == 0
  }
}

private func valueDifference(_ own: Any, _ expected: Any, _ field: ProtobufField, _ path: String) -> String? {
  if let schema = field.type.nestedSchema { return difference(own, expected, schema, path) }
  if let number = own as? Double, let other = expected as? Double { return number == other ? nil : path }
  // Of 64 bits are texts in proto3 JSON; maps here are of texts to texts.
  return "\(own)" == "\(expected)" ? nil : path
}

extension ProtobufType {
  /// The schema of a field's messages.
  fileprivate var nestedSchema: ProtobufSchema? {
    guard let schema = schema?(), !schema.name.isEmpty else { return nil }
    return schema
  }
}

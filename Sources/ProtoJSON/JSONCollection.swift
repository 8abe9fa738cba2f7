/// A list or map field.
protocol JSONCollection {
  init()

  /// Reads the value at `path`.
  init(json: JSONValue, at path: String) throws

  func json(at path: String) throws -> JSONValue
}

extension Array: JSONCollection {
  init(json: JSONValue, at path: String) throws {
    guard case .array(let values) = json else { throw mismatch("a list", json, path) }
    self = try values.enumerated().map { try readJSON(Element.self, $1, at: "\(path)[\($0)]") }
  }

  func json(at path: String) throws -> JSONValue {
    .array(try enumerated().map { try writeJSON($1, at: "\(path)[\($0)]") })
  }
}

/// A map's keys are texts in JSON, whatever their type.
extension Dictionary: JSONCollection where Key: LosslessStringConvertible {
  init(json: JSONValue, at path: String) throws {
    guard case .object(let members) = json else { throw mismatch("an object", json, path) }
    self.init()
    for member in members {
      guard let key = Key(member.name) else {
        throw mismatch("a \(Key.self) as the name", .string(member.name), path)
      }
      self[key] = try readJSON(Value.self, member.value, at: ProtoJSON.path(path, member.name))
    }
  }

  /// In the order of the keys' texts, so that equal maps have equal texts.
  func json(at path: String) throws -> JSONValue {
    let entries = map { (name: String($0), value: $1) }.sorted { $0.name < $1.name }
    return .object(
      try entries.map { JSONValue.Member($0.name, try writeJSON($0.value, at: ProtoJSON.path(path, $0.name))) })
  }
}

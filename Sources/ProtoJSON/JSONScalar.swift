/// A scalar type of proto3, as its JSON mapping has it (https://protobuf.dev/programming-guides/json/).
protocol JSONScalar: Sendable {
  /// The type's default: zero, false, empty.
  init()

  /// Reads the value at `path`.
  init(json: JSONValue, at path: String) throws(JSONMappingError)

  var json: JSONValue { get }
}

extension Bool: JSONScalar {
  init(json: JSONValue, at path: String) throws(JSONMappingError) {
    guard case .bool(let value) = json else { throw mismatch("true or false", json, path) }
    self = value
  }

  var json: JSONValue { .bool(self) }
}

extension String: JSONScalar {
  init(json: JSONValue, at path: String) throws(JSONMappingError) {
    guard case .string(let value) = json else { throw mismatch("a text", json, path) }
    self = value
  }

  var json: JSONValue { .string(self) }
}

extension FixedWidthInteger where Self: Sendable {
  /// A number without a fraction, or a text that holds one: JavaScript's numbers end at 2⁵³.
  init(json: JSONValue, at path: String) throws(JSONMappingError) {
    let expected = "a whole number from \(Self.min) to \(Self.max)"
    guard let digits = json.digits else { throw mismatch(expected, json, path) }
    if let value = Self(digits), digits.first != "+" {
      self = value
    } else if let number = Double(json: digits), let value = Self(exactly: number) {
      self = value
    } else {
      throw mismatch(expected, json, path)
    }
  }
}

extension Int32: JSONScalar {
  var json: JSONValue { .number(String(self)) }
}

extension UInt32: JSONScalar {
  var json: JSONValue { .number(String(self)) }
}

extension Int64: JSONScalar {
  var json: JSONValue { .string(String(self)) }
}

extension UInt64: JSONScalar {
  var json: JSONValue { .string(String(self)) }
}

extension BinaryFloatingPoint where Self: LosslessStringConvertible & Sendable {
  /// A number, a text that holds one, or one of the texts `NaN`, `Infinity` and `-Infinity`. What is too large for the
  /// type is refused, not rounded to infinity.
  init(json: JSONValue, at path: String) throws(JSONMappingError) {
    switch json {
    case .string("NaN"): self = .nan
    case .string("Infinity"): self = .infinity
    case .string("-Infinity"): self = -.infinity
    default:
      guard let digits = json.digits, let number = Double(json: digits), Self(number).isFinite else {
        throw mismatch("a number", json, path)
      }
      self = Self(digits) ?? Self(number)
    }
  }

  var json: JSONValue {
    if isNaN { return .string("NaN") }
    if isInfinite { return .string(self < 0 ? "-Infinity" : "Infinity") }
    return .number("\(self)")
  }
}

extension Double: JSONScalar {
  /// The number, when the text is one as JSON writes it and within the type's range.
  init?(json text: String) {
    // JSON's grammar first: `Double` also reads hexadecimal digits, signs and names.
    var parser = JSONParser(text)
    guard case .number(let digits)? = try? parser.parse(), let value = Double(digits), value.isFinite else {
      return nil
    }
    self = value
  }
}

extension Float: JSONScalar {}

extension JSONValue {
  /// The text of a number, bare or quoted.
  var digits: String? {
    switch self {
    case .number(let text), .string(let text): text
    case .null, .bool, .array, .object: nil
    }
  }
}

func mismatch(_ expected: String, _ json: JSONValue, _ path: String) -> JSONMappingError {
  let found =
    switch json {
    case .number(let text): text
    case .string(let text): "\"\(text.prefix(40))\""
    case .bool(let value): value ? "true" : "false"
    case .null, .array, .object: json.kind
    }
  return JSONMappingError(path: path, reason: .mismatch(expected: expected, found: found))
}

import Spelling

extension ValueType<String> {
  /// Any text that is not empty.
  public static var string: ValueType {
    ValueType(
      placeholder: "TEXT",
      parse: { text throws(ValueError) in
        guard !text.isEmpty else { throw ValueError("is empty", advice: "give a text") }
        return text
      },
      format: { $0 })
  }

  /// The path of a file.
  public static var file: ValueType { .string.named("FILE") }

  /// The path of a directory.
  public static var directory: ValueType { .string.named("DIRECTORY") }
}

extension ValueType<Int> {
  /// A whole decimal number within a range; underscores may group its digits.
  public static func integer(in range: ClosedRange<Int>) -> ValueType {
    ValueType(
      placeholder: "NUMBER",
      parse: { text throws(ValueError) in
        let bounds = "give a whole number from \(range.lowerBound) to \(range.upperBound)"
        let digits = text.filter { $0 != "_" }
        guard let value = Int(digits), text.first != "_", text.last != "_" else {
          throw ValueError("is not a whole number", advice: bounds)
        }
        guard range.contains(value) else { throw ValueError("is out of range", advice: bounds) }
        return value
      },
      format: { String($0) })
  }
}

extension ValueType<Double> {
  /// A finite decimal number within a range.
  public static func number(in range: ClosedRange<Double>) -> ValueType {
    ValueType(
      placeholder: "NUMBER",
      parse: { text throws(ValueError) in
        let bounds = "give a number from \(range.lowerBound) to \(range.upperBound)"
        guard let value = Double(text), value.isFinite else { throw ValueError("is not a number", advice: bounds) }
        guard range.contains(value) else { throw ValueError("is out of range", advice: bounds) }
        return value
      },
      format: { String($0) })
  }
}

extension ValueType<Bool> {
  /// `true`, `yes`, `on`, `1` or `false`, `no`, `off`, `0`.
  public static var boolean: ValueType {
    ValueType(
      placeholder: "YES|NO",
      parse: { text throws(ValueError) in
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw ValueError("is neither yes nor no", advice: "give true or false, yes or no, on or off, 1 or 0")
        }
      },
      format: { $0 ? "yes" : "no" })
  }
}

extension ValueType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the names of an enumeration.
  public static var choice: ValueType {
    let names = Value.allCases.map(\.rawValue)
    return ValueType(
      placeholder: names.joined(separator: "|"),
      parse: { text throws(ValueError) in
        if let value = Value(rawValue: text) { return value }
        let guess = nearest(to: text, among: names).map { "did you mean \($0)? " } ?? ""
        throw ValueError("is not one of the choices", advice: guess + "give one of: \(names.joined(separator: ", "))")
      },
      format: { $0.rawValue })
  }
}

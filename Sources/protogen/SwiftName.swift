/// How the contract's names are spelled in Swift, by the Swift API Design Guidelines.
///
/// `snake_case` and `UPPER_CASE` become `lowerCamelCase`. Acronyms (`id`, `ip`, `url`, …) are all capitals but at the
/// begin of a name: `customer_id` is `customerID`, `id` stays `id`. `ms` is written out: `after_ms` is
/// `afterMilliseconds`. An enumeration's values lose its name: `CATEGORY_UNSPECIFIED` of `Category` is `.unspecified`.
/// Swift's keywords stand in backticks.
enum SwiftName {
  private static let acronyms: Set<String> = ["id", "ip", "url", "uri", "utf8", "html", "json", "tls", "tcp", "cpu"]

  private static let writtenOut = ["ms": "milliseconds"]

  private static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else",
    "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
    "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat",
    "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while", "Any", "Self", "Type", "Protocol",
  ]

  /// The types that generated code names, and the two that Swift finds in every type: a type of the contract with such a
  /// name would stand before them.
  private static let neededTypes: Set<String> = [
    "Bool", "Double", "Float", "Int", "Int32", "Int64", "String", "UInt32", "UInt64", "UnsafeRawBufferPointer",
    "CodingKey", "CodingKeys", "Decoder", "Encoder", "Equatable", "Sendable", "Type", "Protocol",
    "Indirect", "MethodDescriptor", "ProtobufEnumeration", "ProtobufMessage", "ProtobufMethod", "ProtobufSchema",
    "TextMapSlice", "WireError", "WireLimits", "WireReader", "WireSlice", "ZigZag",
  ]

  /// A property's or constant's name.
  static func member(_ name: String) -> String {
    escaped(camelCase(name))
  }

  /// The name without backticks, for use behind a prefix.
  static func camelCase(_ name: String) -> String {
    let words = name.split(separator: "_").map { word in
      // Names that are camel-cased already stay as they are, but for their first letter.
      word.contains(where: \.isLowercase) ? String(word) : word.lowercased()
    }
    return words.enumerated().map { index, word in
      let word = writtenOut[word] ?? word
      if index == 0 { return word.prefix(1).lowercased() + word.dropFirst() }
      return acronyms.contains(word) ? word.uppercased() : capitalized(word)
    }.joined()
  }

  /// A type's name.
  static func type(_ name: String) -> String {
    escaped(capitalizedWords(name))
  }

  /// The type of this name, where generated code would no longer compile beside it.
  static func neededType(_ name: String) -> String? {
    let type = capitalizedWords(name)
    return neededTypes.contains(type) ? type : nil
  }

  private static func capitalizedWords(_ name: String) -> String {
    name.split(separator: "_").map { capitalized(String($0)) }.joined()
  }

  /// The name of a value of an enumeration.
  static func value(_ name: String, of enumeration: String) -> String {
    let prefix = upperSnakeCase(enumeration) + "_"
    guard name.hasPrefix(prefix), let first = name.dropFirst(prefix.count).first, first.isLetter else {
      return member(name)
    }
    return member(String(name.dropFirst(prefix.count)))
  }

  static func capitalized(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }

  private static func upperSnakeCase(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase, !result.isEmpty { result += "_" }
      result += character.uppercased()
    }
    return result
  }

  private static func escaped(_ name: String) -> String {
    keywords.contains(name) ? "`\(name)`" : name
  }
}

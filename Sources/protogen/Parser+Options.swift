extension Parser {
  /// An option's value, as far as it matters here.
  enum OptionValue: Equatable {
    case boolean(Bool)
    case integer(Int)
    case other
  }

  /// The rest of an option statement.
  mutating func option() throws(Diagnostic) -> (name: String, value: OptionValue) {
    let option = try assignment()
    try expect(";")
    return option
  }

  /// The options in brackets behind a field or an enumeration's value, if there are any.
  mutating func bracketedOptions() throws(Diagnostic) -> [String: OptionValue] {
    var options: [String: OptionValue] = [:]
    guard take("[") else { return options }
    repeat {
      let option = try assignment()
      options[option.name] = option.value
    } while take(",")
    try expect("]")
    return options
  }

  private mutating func assignment() throws(Diagnostic) -> (name: String, value: OptionValue) {
    var name = try optionNamePart()
    while take(".") { name += "." + (try optionNamePart()) }
    try expect("=")
    return (name, try optionValue())
  }

  private mutating func optionNamePart() throws(Diagnostic) -> String {
    guard take("(") else { return try identifier("an option's name") }
    let name = try dottedName("an option's name")
    try expect(")")
    return "(\(name))"
  }

  private mutating func optionValue() throws(Diagnostic) -> OptionValue {
    if isAt("{") {
      try skipBlock()
      return .other
    }
    if take(word: "true") { return .boolean(true) }
    if take(word: "false") { return .boolean(false) }
    if case .integer = token.kind { return .integer(try integer("a value")) }
    _ = take("-") || take("+")
    switch token.kind {
    case .identifier, .integer, .float: advance()
    case .string: while case .string = token.kind { advance() }
    default: throw unexpected("a value")
    }
    return .other
  }
}

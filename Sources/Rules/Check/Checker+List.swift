import Spelling

extension Checker {
  /// The settled list of declaration `index`, or nothing when it is broken.
  mutating func list(_ index: Int) -> Int? {
    if let known = listIndices[index] { return known }
    let declaration = lists[index]
    let settled = settle(declaration)
    listIndices[index] = .some(settled)
    return settled
  }

  private mutating func settle(_ declaration: ListDeclaration) -> Int? {
    var type: ValueType?
    if let name = declaration.type {
      type = Self.elementTypes[name.text]
      if type == nil {
        diagnostics.report(
          .unknownName, "there are no lists of `\(name.text)`", name.span,
          "expected \(Self.elementTypes.keys.sorted().joined(separator: ", "))",
          help: nearest(to: name.text, among: Self.elementTypes.keys).map { "did you mean \($0)?" })
        return nil
      }
    }
    let isCountries = declaration.type?.text == "country"
    if let file = declaration.file {
      return loaded(file, name: declaration.name.text, type: type ?? .text, isCountries: isCountries)
    }
    guard !declaration.elements.isEmpty else { return nil }
    return settle(
      declaration.elements, name: declaration.name.text, type: type, isCountries: isCountries)
  }

  static let elementTypes: [String: ValueType] = [
    "text": .text, "country": .text, "integer": .integer, "address": .address,
  ]

  /// A list of the constants `elements`, all of `type`, or else of the first one's.
  mutating func settle(
    _ elements: [Expression], name: String, type wanted: ValueType?, isCountries: Bool = false
  ) -> Int? {
    let outer = size
    defer { size = outer }
    let values = elements.map { element in
      size = ExpressionSize()
      return value(element, expecting: wanted)
    }
    guard let type = wanted ?? values.first?.type, type != .unknown else { return nil }
    var texts: [String] = []
    var numbers: [Int64] = []
    var isBroken = false
    for (value, element) in zip(values, elements) {
      switch value {
      case .constantText(let text) where type == .text || type == .address:
        texts.append(text)
        if !isElement(text, type, isCountries) { reportElement(text, type, isCountries, element.span) }
      case .number(.constant(let number), type): numbers.append(number)
      case .failed: isBroken = true
      default:
        diagnostics.report(
          .badElement, "a list holds constants of one type", element.span,
          "expected \(type.description), found \(value.type.description)")
        isBroken = true
      }
    }
    guard !isBroken else { return nil }
    guard !name.isEmpty || inlineLists.count < Limits.maxInlineLists else {
      diagnostics.report(
        .tooMany, "too many lists written in place", elements[0].span, "at most \(Limits.maxInlineLists)",
        help: "declare lists once, by name")
      return nil
    }
    return append(name, type, texts, numbers)
  }

  private mutating func append(_ name: String, _ type: ValueType, _ texts: [String], _ numbers: [Int64]) -> Int {
    let elements: CheckedList.Elements
    switch type {
    case .text: elements = .texts(Set(texts).sorted())
    case .address: elements = .addresses(AddressRange.merged(texts.compactMap { AddressRange($0) }))
    default: elements = .numbers(Set(numbers).sorted())
    }
    let list = CheckedList(name: name, type: type, elements: elements)
    if name.isEmpty, let same = inlineLists[list] { return same }
    checked.lists.append(list)
    if name.isEmpty { inlineLists[list] = checked.lists.count - 1 }
    return checked.lists.count - 1
  }

  private mutating func loaded(_ file: Name, name: String, type: ValueType, isCountries: Bool) -> Int? {
    guard RuleCompiler.isListFileName(file.text) else {
      diagnostics.report(
        .listUnavailable, "a list file stands beside the rules", file.span, "expected a plain name, without a path")
      return nil
    }
    let bytes: [UInt8]
    do {
      bytes = try loader.load(file.text)
    } catch {
      diagnostics.report(.listUnavailable, "the list file cannot be read", file.span, error.description)
      return nil
    }
    guard bytes.firstInvalidUTF8 == nil else {
      diagnostics.report(.listUnavailable, "the list file is not UTF-8 text", file.span, "")
      return nil
    }
    guard let elements = elements(in: bytes, of: file, type, isCountries) else { return nil }
    return append(name, type, elements, elements.compactMap { Int64($0) })
  }

  /// One from each line that has any, or nothing when a line is broken.
  private mutating func elements(
    in bytes: [UInt8], of file: Name, _ type: ValueType, _ isCountries: Bool
  ) -> [String]? {
    var elements: [String] = []
    var isBroken = false
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let element = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self).trimmingBlanks()
      if element.isEmpty { continue }
      guard elements.count < Limits.maxListElements, !diagnostics.isFull else {
        diagnostics.report(
          .tooMany, "too many elements in \(file.text)", file.span, "at most \(Limits.maxListElements) in one list")
        return nil
      }
      elements.append(element)
      guard !isElement(element, type, isCountries) else { continue }
      reportElement(element, type, isCountries, file.span, line: (index + 1, file.text))
      isBroken = true
    }
    return isBroken ? nil : elements
  }

  private func isElement(_ text: String, _ type: ValueType, _ isCountries: Bool) -> Bool {
    switch type {
    case .address: AddressRange(text) != nil
    case .integer: Int64(text) != nil
    default: !isCountries || (text.utf8.count == 2 && text.utf8.allSatisfy { $0.isLetter && $0 & 0x20 == 0 })
    }
  }

  /// - Parameter line: where it stands, when `span` only names the list file.
  private mutating func reportElement(
    _ text: String, _ type: ValueType, _ isCountries: Bool, _ span: SourceSpan,
    line: (number: Int, file: String)? = nil
  ) {
    let (what, expected) =
      switch type {
      case .address: ("address", "an address or a range")
      case .integer: ("whole number", "a whole number")
      default: ("country", "two capital letters (ISO 3166-1)")
      }
    let place = line.map { "line \($0.number) of \($0.file): " } ?? ""
    diagnostics.report(
      .badElement, "\(place)`\(text.prefix(80))` is no \(what)", span, "expected \(expected)",
      help: type == .address ? "for example \"203.0.113.7\", \"10.0.0.0/8\" or \"2001:db8::/32\"" : nil,
      listLine: line?.number)
  }
}

extension String {
  func trimmingBlanks() -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}

/// A rules file without comments and layout, with the content of its list files: what a version is the digest of.
struct CanonicalText {
  private(set) var text = ""

  init(_ declarations: [Declaration], lists: [CheckedList]) {
    let printer = DeclarationPrinter()
    for declaration in declarations { text += printer.print(declaration) + "\n" }
    for list in lists where !list.name.isEmpty { text += "# \(list.name): \(Self.content(of: list))\n" }
  }

  /// The elements of a list in their order.
  static func content(of list: CheckedList) -> String {
    switch list.elements {
    case .texts(let elements): elements.map { Literal.quoted($0) }.joined(separator: ", ")
    case .numbers(let elements): elements.map { "\($0)" }.joined(separator: ", ")
    case .addresses(let ranges):
      ranges.map { String($0.first.bits, radix: 16) + "-" + String($0.last.bits, radix: 16) }.joined(separator: ", ")
    }
  }
}

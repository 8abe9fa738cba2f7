import Spelling

extension Parser {
  mutating func declarations() -> [Declaration] {
    var declarations: [Declaration] = []
    while current.kind != .endOfFile, !diagnostics.isFull {
      do throws(Failure) {
        let start = current.span.start
        declarations.append(try declaration())
        starts.append(start)
        if current.kind != .endOfFile, !beginsDeclaration {
          throw unexpected("a declaration at the beginning of a line", help: nearestWord(Self.declarationWords))
        }
      } catch {
        skip()
      }
    }
    return declarations
  }

  private mutating func declaration() throws(Failure) -> Declaration {
    switch word {
    case "list": return .list(try list())
    case "let": return .definition(try definition())
    case "counter": return .counter(try counter())
    case "rule": return .rule(try rule())
    default:
      throw unexpected(
        "`list`, `let`, `counter` or `rule`", help: nearestWord(Self.declarationWords))
    }
  }

  func nearestWord(_ words: Set<String>) -> String? {
    word.flatMap { nearest(to: $0, among: words) }.map { "did you mean \($0)?" }
  }

  /// The name that a declaration gives: lower-case letters, digits and underscores, no keyword, no field.
  mutating func newName(of what: String) throws(Failure) -> Name {
    guard let text = word else { throw unexpected("the name of the \(what)") }
    let name = Name(text: text, span: current.span)
    advance()
    guard text.utf8.count <= Limits.maxNameBytes else {
      diagnostics.report(
        .tooLong, "a name of \(text.utf8.count) bytes", name.span, "at most \(Limits.maxNameBytes) bytes")
      return name
    }
    if Self.reservedWords.contains(text) || Field(name: text) != nil || Effect(keyword: text) != nil {
      diagnostics.report(
        .reservedName, "`\(text)` already means something else", name.span, "choose another name for the \(what)")
    } else if !text.utf8.allSatisfy({ $0.isWord && !($0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z")) }) {
      diagnostics.report(
        .malformedName, "`\(text)` is no name", name.span, "names are lower-case letters, digits and underscores",
        help: "write \(text.lowercased().replacing(".", with: "_"))")
    }
    return name
  }

  private mutating func definition() throws(Failure) -> Definition {
    advance()
    let name = try newName(of: "condition")
    do throws(Failure) {
      try expect(.assign, "`=`")
      return Definition(name: name, value: try wholeExpression())
    } catch {
      skip()
      return Definition(name: name, value: nil)
    }
  }

  private mutating func list() throws(Failure) -> ListDeclaration {
    advance()
    var list = ListDeclaration(name: try newName(of: "list"), elements: [])
    do throws(Failure) {
      if accept(word: "of") { list.type = try anyWord("the type of the elements") }
      if accept(word: "from") {
        list.file = try text("the name of a file")
        return list
      }
      try expect(.assign, "`=` or `from`")
      list.elements = try elements()
    } catch {
      skip()
    }
    return list
  }

  /// One constant or more, separated by commas. They are bounded by their number, and are no parts of the expression.
  mutating func elements() throws(Failure) -> [Expression] {
    let outer = expressionNodes
    defer { expressionNodes = outer }
    var elements: [Expression] = []
    repeat {
      expressionNodes = 0
      elements.append(try literalOrWord())
      if elements.count > Limits.maxListElements {
        diagnostics.report(.tooMany, "too many elements", elements[0].span, "at most \(Limits.maxListElements)")
        throw Failure()
      }
    } while accept(.comma)
    return elements
  }

  mutating func anyWord(_ what: String) throws(Failure) -> Name {
    guard let text = word, !Self.reservedWords.contains(text) else { throw unexpected(what) }
    defer { advance() }
    return Name(text: text, span: current.span)
  }

  mutating func text(_ what: String) throws(Failure) -> Name {
    guard current.kind == .text else { throw unexpected(what, help: "texts stand between double quotes") }
    let span = current.span
    advance()
    return Name(text: unescaped(span), span: span)
  }

  /// `order.create, customer.login`, `customer.*` or `*`.
  mutating func kinds() throws(Failure) -> [Name] {
    var kinds: [Name] = []
    repeat {
      let name: Name
      if current.kind == .star {
        name = Name(text: "*", span: current.span)
        advance()
      } else {
        name = try anyWord("a kind of activity")
      }
      if !Self.isKind(name.text) {
        diagnostics.report(
          .malformedName, "`\(name.text)` is no kind of activity", name.span, "expected ENTITY.ACTION",
          help: "for example order.create, customer.* for every action of an entity, or * for everything")
      }
      kinds.append(name)
    } while accept(.comma)
    if kinds.count > Limits.maxKindsPerClause {
      diagnostics.report(.tooMany, "too many kinds", kinds[0].span, "at most \(Limits.maxKindsPerClause)")
    }
    return kinds
  }

  private static func isKind(_ text: String) -> Bool {
    if text == "*" { return true }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ (1...64).contains($0.utf8.count) }) else { return false }
    return (String(parts[0]) + (parts[1] == "*" ? "" : String(parts[1]))).utf8.allSatisfy {
      $0.isDigit || $0 == UInt8(ascii: "_") || ($0.isLetter && $0 & 0x20 != 0)
    }
  }
}

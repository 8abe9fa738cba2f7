import Rules

/// Bytes as a rules file: errors, or rules that survive being formatted.
struct RulesTarget: FuzzTarget {
  static let name = "rules"

  private let compiler = RuleCompiler(
    latenessMilliseconds: 1_000, lists: ListLoader { name in Array(name.utf8) },
    digest: { String(decoding: $0, as: UTF8.self) })

  func run(_ bytes: UnsafeRawBufferPointer) {
    let file = SourceFile(name: "fuzz.rules", bytes: Array(bytes))
    let compilation = compiler.compile(file)
    require(compilation.diagnostics.count <= Limits.maxDiagnostics + 1, "errors without end")
    require(compilation.ruleSet != nil || !compilation.diagnostics.isEmpty, "neither rules nor an error")
    for diagnostic in compilation.diagnostics.prefix(4) {
      require(!diagnostic.rendered(in: file).isEmpty, "an error without words")
    }
    guard let version = compilation.ruleSet?.version else { return }
    guard let text = RuleFormatter.format(file).text else { refute("what compiles cannot be formatted") }
    let again = compiler.compile(SourceFile(name: "fuzz.rules", text: text))
    require(again.ruleSet?.version == version, "formatting changed the rules: \(text)")
    require(RuleFormatter.format(SourceFile(name: "", text: text)).text == text, "formatting twice differs: \(text)")
  }

  static func seeds() -> [[UInt8]] {
    let shipped = ["trade", "locks"].map { repositoryFile("deploy/rules/\($0).rules") }
    // Each rule by itself too: short inputs are mutated more to the point.
    return shipped
      + shipped.flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n\n").map { Array($0.utf8) } }
  }
}

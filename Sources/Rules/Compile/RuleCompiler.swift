/// Turns a rules file into a `RuleSet`, or into all that is wrong with it.
///
///     let compiler = RuleCompiler(latenessMilliseconds: 60_000, digest: sha256Hexadecimal)
///     let compilation = compiler.compile(SourceFile(name: "trade.rules", bytes: bytes))
///     for diagnostic in compilation.diagnostics { print(diagnostic.rendered(in: compilation.file)) }
///
/// Cost: milliseconds for hundreds of rules; bounded by `Limits` whatever the file says.
public struct RuleCompiler: Sendable {
  /// Names the version of a rule set: equal exactly for equal bytes. The server passes SHA-256 in hexadecimal.
  public var digest: @Sendable ([UInt8]) -> String
  /// How late an activity may come and still be counted in its place; 0 to 400 days.
  public var latenessMilliseconds: Int64
  /// Where list files are.
  public var lists: ListLoader

  public init(
    latenessMilliseconds: Int64 = 0, lists: ListLoader = .none, digest: @escaping @Sendable ([UInt8]) -> String
  ) {
    (self.digest, self.lists) = (digest, lists)
    self.latenessMilliseconds = min(max(0, latenessMilliseconds), Limits.maxWindowMilliseconds)
  }

  /// The rule set, unless there are errors; and every error and warning in the order of the file.
  public func compile(_ file: SourceFile) -> Compilation {
    let parsed = Parser.parse(file)
    var diagnostics = parsed.diagnostics
    let (checked, found) = Checker.check(parsed.declarations, loader: lists)
    diagnostics.append(contentsOf: found)
    guard !diagnostics.hasErrors else {
      // What seems unused may be used where it could not be read.
      return Compilation(file: file, ruleSet: nil, diagnostics: diagnostics.sorted.filter { $0.code != .unused })
    }
    let plan = PlanBuilder(checked, latenessMilliseconds: latenessMilliseconds)
    diagnostics.append(contentsOf: plan.diagnostics)
    guard !diagnostics.hasErrors else { return Compilation(file: file, ruleSet: nil, diagnostics: diagnostics.sorted) }
    let version = digest(Array(CanonicalText(parsed.declarations, lists: checked.lists).text.utf8))
    return Compilation(file: file, ruleSet: RuleSet(version: version, plan: plan), diagnostics: diagnostics.sorted)
  }
}

extension RuleCompiler {
  /// Whether a list file may be called so: a plain name, which leads nowhere but into the folder that the rules are in.
  public static func isListFileName(_ name: String) -> Bool {
    (1...Limits.maxTextBytes).contains(name.utf8.count) && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}

/// What became of a rules file.
public struct Compilation: Sendable {
  public let file: SourceFile
  /// Absent when there are errors.
  public let ruleSet: RuleSet?
  /// In the order of the file.
  public let diagnostics: [Diagnostic]
}

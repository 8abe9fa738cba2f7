import Glibc
import Testing

@testable import Rules

/// Sources that would make a careless compiler run for ever, run out of memory, or overflow its stack.
@Suite struct HostileSourceTests {
  private func codes(_ text: String) -> Set<DiagnosticCode> {
    var codes: Set<DiagnosticCode> = []
    let seconds = processorSeconds { codes = Set(compile(text).diagnostics.map(\.code)) }
    #expect(seconds < 20)
    return codes
  }

  /// What `body` takes of a processor, whatever else the machine does meanwhile.
  private func processorSeconds(_ body: () -> Void) -> Int {
    var (start, end) = (timespec(), timespec())
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
    body()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
    return end.tv_sec - start.tv_sec
  }

  private func rule(_ condition: String) -> String { "rule r\n on a.b\n when \(condition)\n then allow" }

  @Test("deep nesting is refused", arguments: ["(", "not ", "-", "not ("])
  func deepNesting(opening: String) {
    #expect(codes(rule(String(repeating: opening, count: 100_000) + "id")).contains(.tooDeep))
  }

  @Test(
    "a million lines are refused at once, whatever they say", arguments: ["# x\n", "rule r\n", "\n", "let a = a\n"])
  func millionLines(line: String) throws {
    let text = String(repeating: line, count: 1_000_000)
    if text.utf8.count > Limits.maxFileBytes {
      #expect(codes(text) == [.fileTooLarge])
    } else {
      #expect(codes(text).isEmpty)
    }
  }

  @Test(
    "what is refused takes no memory that is out of proportion",
    arguments: ["x ", "(", "let a = a\n", "rule r on a.b "])
  func memory(part: String) throws {
    let text = String(repeating: part, count: Limits.maxFileBytes / part.utf8.count)
    let before = try ResidentMemory.resetPeak()
    #expect(!codes(text).isEmpty)
    let growth = try ResidentMemory.peak() - before
    // 48 bytes a token and as much again while the array grows, a token for each byte at the worst.
    #expect(growth < 256 << 20, "\(growth >> 20) MiB for a file of 1 MiB")
  }

  @Test(
    "a file full of mistakes reports a bounded number of them", arguments: ["%", "rule\n", "let a = \n", "\"\n", "1 "])
  func manyMistakes(mistake: String) {
    let compilation = compile(String(repeating: mistake, count: 200_000 / mistake.utf8.count))
    #expect((1...Limits.maxDiagnostics).contains(compilation.diagnostics.count))
  }

  @Test("long chains, texts, names and numbers are refused")
  func longThings() {
    #expect(codes(rule(String(repeating: "true and ", count: 5_000) + "true")).contains(.tooComplex))
    #expect(codes(rule("amount.minor_units > 1" + String(repeating: "+1", count: 5_000))).contains(.tooComplex))
    #expect(codes(rule("id == \"\(String(repeating: "x", count: 100_000))\"")).contains(.tooLong))
    #expect(codes("let \(String(repeating: "x", count: 100_000)) = true").contains(.tooLong))
    #expect(codes(rule("amount.minor_units > \(String(repeating: "9", count: 100_000))")).contains(.malformedNumber))
    #expect(codes(rule(String(repeating: "id in (\"a\") or ", count: 5_000) + "true")).contains(.tooComplex))
  }

  @Test("a list is as long as it may be, declared or in place, and no longer")
  func longLists() {
    for count in [Limits.maxListElements, Limits.maxListElements + 1] {
      let elements = (0..<count).map { "\($0)" }.joined(separator: ",")
      let isAllowed = count == Limits.maxListElements
      #expect(codes(rule("amount.minor_units in (\(elements))")) == (isAllowed ? [] : [.tooMany]))
      #expect(codes("list l = \(elements)\n" + rule("amount.minor_units in l")) == (isAllowed ? [] : [.tooMany]))
    }
  }

  @Test("definitions that double in size with every step are refused")
  func doubling() {
    let steps = (1..<200).map { "let d\($0) = d\($0 - 1) and d\($0 - 1)" }
    let text = (["let d0 = id == \"x\""] + steps).joined(separator: "\n") + "\n" + rule("d199")
    #expect(codes(text) == [.tooComplex])
    let filter =
      (["let d0 = id == \"x\""] + steps).joined(separator: "\n") + "\ncounter c = count of a.b where d199 by id\n"
    #expect(codes(filter + rule("c over 1h > 1")) == [.tooComplex])
  }

  @Test("conditions that stack up by their names alone are refused")
  func stacking() {
    let steps = (1..<250).map { "let d\($0) = id == \"x\" and (id == \"y\" or d\($0 - 1))" }
    let text = (["let d0 = id == \"x\""] + steps).joined(separator: "\n") + "\n" + rule("d249")
    #expect(codes(text) == [.tooComplex])
    #expect(compile(text).diagnostics.count == 1, "what uses too large a name is no mistake of its own")
  }

  @Test("names that lead deep are refused, forwards and backwards")
  func deepNames() {
    let nots = String(repeating: "not ", count: 60)
    let forwards = (0..<250).map { "let d\($0) = \(nots)d\($0 + 1)" } + ["let d250 = true"]
    #expect(codes(forwards.joined(separator: "\n") + "\n" + rule("d0")) == [.tooComplex])
    #expect(codes(forwards.reversed().joined(separator: "\n") + "\n" + rule("d0")) == [.tooComplex])
  }

  @Test("more of anything than there may be is refused")
  func tooMany() {
    let rules = (0...Limits.maxRules).map { "rule r\($0)\n on a.b\n when true\n then allow" }
    #expect(codes(rules.joined(separator: "\n")) == [.tooMany])
    let attributes = (0..<40).map { "attributes.a\($0) == \"x\"" }
    #expect(codes(rule(attributes.joined(separator: " or "))) == [.tooMany])
    let kinds = (0..<400).map { "rule k\($0)\n on a.b\($0)\n when true\n then allow" }
    #expect(codes(kinds.joined(separator: "\n")) == [.tooMany])
  }

  @Test("what is small in each rule but large in all of them is refused")
  func largeTogether() {
    let half = "let half = \((0..<900).map { "id == \"\($0)\"" }.joined(separator: " or "))\n"
    let rules = (0..<400).map { "rule r\($0)\n on a.b\n when half or reason == \"\($0)\"\n then allow" }
    #expect(codes(half + rules.joined(separator: "\n")) == [.tooComplex])
    let lists = (0..<200).map { rule in
      "rule r\(rule)\n on a.b\n when \((0..<20).map { "id in (\"\(rule)\", \"\($0)\")" }.joined(separator: " or "))\n then allow"
    }
    #expect(codes(lists.joined(separator: "\n")) == [.tooMany])
    let patterns = (0..<600).map { "rule r\($0)\n on a.b\n when id contains \"x\($0)\"\n then allow" }
    #expect(codes(patterns.joined(separator: "\n")) == [.tooMany])
  }

  @Test("thousands of unknown names are not all compared with all others")
  func unknownNames() {
    let counters = (0..<200).map { "counter counter_number_\($0) = count of a.b by id\n" }
    let rules = (0..<500).map { rule in
      "rule r\(rule)\n on a.b\n when \((0..<40).map { "unknown_number_\(rule)_\($0) == 1" }.joined(separator: " or "))\n then allow"
    }
    #expect(codes(counters.joined() + rules.joined(separator: "\n")).contains(.unknownName))
  }

  @Test("bytes that are no text are refused where they stand")
  func notText() {
    let compiler = RuleCompiler(digest: { _ in "" })
    let compilation = compiler.compile(SourceFile(name: "x", bytes: Array("rule ".utf8) + [0xFF, 0x80, 0x0A]))
    #expect(compilation.diagnostics.map(\.code) == [.notUTF8])
    #expect(compilation.diagnostics.first?.span.start == 5)
  }

  @Test("random bytes and shuffled words neither crash nor hang", arguments: [1, 2, 3, 4] as [UInt64])
  func randomSources(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let words = try shippedRules().split { $0 == " " || $0 == "\n" }.map(String.init)
    for _ in 0..<20 {
      let shuffled = (0..<400).map { _ in words.randomElement(using: &random) ?? "" }
      var text = ""
      for word in shuffled { text += word + (Bool.random(using: &random) ? " " : "\n") }
      let compilation = compile(text)
      #expect(compilation.ruleSet != nil || !compilation.diagnostics.isEmpty, "seed \(seed)")
      for diagnostic in compilation.diagnostics { #expect(!diagnostic.rendered(in: compilation.file).isEmpty) }
      let bytes = (0..<300).map { _ in UInt8.random(in: 9...126, using: &random) }
      _ = RuleFormatter.format(SourceFile(name: "random", bytes: bytes))
    }
  }

  @Test("no pattern is catastrophic")
  func patterns() throws {
    let pattern = String(repeating: "*a", count: 31) + "b"
    let glob = try #require(GlobPattern(.glob(pattern)))
    defer { glob.deallocate() }
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
    var isMatch = true
    let seconds = processorSeconds { isMatch = text.withUnsafeBytes { glob.matches($0) } }
    #expect(!isMatch)
    #expect(seconds < 5)
  }
}

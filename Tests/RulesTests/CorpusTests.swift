import Foundation
import Testing

@testable import Rules

/// Files with every kind of mistake, each beside what the compiler says of it: `gatehouse rules check FILE`, run in the
/// folder, prints the expected text.
@Suite struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Corpus")

  static let names: [String] = {
    let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (all ?? []).filter { $0.hasSuffix(".rules") }.sorted()
  }()

  private func compilation(_ name: String) throws -> Compilation {
    let bytes = Array(try Data(contentsOf: Self.folder.appendingPathComponent(name)))
    let lists = ListLoader { _ throws(ListLoader.Failure) in throw ListLoader.Failure("No such file or directory") }
    return RuleCompiler(lists: lists, digest: { _ in "" }).compile(SourceFile(name: name, bytes: bytes))
  }

  @Test("each file gets its expected errors, every one of them and no other", arguments: names)
  func rendering(name: String) throws {
    let compilation = try compilation(name)
    let expected = Self.folder.appendingPathComponent(name).deletingPathExtension().appendingPathExtension("txt")
    let rendered = compilation.diagnostics.map { $0.rendered(in: compilation.file) + "\n\n" }.joined()
    #expect(rendered == (try String(contentsOf: expected, encoding: .utf8)))
    let hasErrors = compilation.diagnostics.contains { $0.severity == .error }
    #expect((compilation.ruleSet == nil) == hasErrors)
  }

  @Test("every code is there, in a file of its name")
  func everyCode() throws {
    #expect(Self.names.count > 40)
    var seen: Set<DiagnosticCode> = []
    for name in Self.names {
      let codes = Set(try compilation(name).diagnostics.map(\.code))
      seen.formUnion(codes)
      if let code = DiagnosticCode(String(name.prefix(5))) { #expect(codes.contains(code), "\(name)") }
    }
    // Large files are made by tests (`HostileSourceTests`, `DecisionSizeTests`) rather than kept.
    #expect(Set(DiagnosticCode.allCases).subtracting(seen) == [.fileTooLarge, .decisionTooLarge])
  }
}

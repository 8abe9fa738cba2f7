import Foundation
import Rules
import Testing

/// What rules are compiled to in these tests.
enum TestRules {
  static let hour: Int64 = 3_600_000
  /// As the server's default.
  static let lateness: Int64 = 48 * hour
  /// Stands in for SHA-256; decisions name its first sixteen digits.
  static let version = "0123456789abcdef"

  static func compile(_ text: String, lateness: Int64 = lateness) throws -> RuleSet {
    let compiler = RuleCompiler(latenessMilliseconds: lateness, digest: { _ in version + "0000" })
    let compilation = compiler.compile(SourceFile(name: "test.rules", text: text))
    let found = compilation.diagnostics.map { $0.rendered(in: compilation.file) }.joined(separator: "\n")
    return try #require(compilation.ruleSet, "\(found)")
  }

  /// The trade's rules, as shipped.
  static func shipped() throws -> RuleSet {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try compile(String(contentsOf: root.appendingPathComponent("deploy/rules/trade.rules"), encoding: .utf8))
  }
}

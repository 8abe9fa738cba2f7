import Foundation

@testable import Rules

/// The text of a file of the repository.
func repositoryFile(_ path: String) throws -> String {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
}

func shippedRules() throws -> String { try repositoryFile("deploy/rules/trade.rules") }

/// Stands in for SHA-256: equal exactly for equal texts, and readable in failures.
func compile(_ text: String, lists: ListLoader = .none) -> Compilation {
  RuleCompiler(lists: lists, digest: { String(decoding: $0, as: UTF8.self) })
    .compile(SourceFile(name: "test.rules", text: text))
}

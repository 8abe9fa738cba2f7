import Foundation
import Testing

@Suite struct ExampleTests {
  private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The lines of the function's body.
  private func example() throws -> String {
    let file = root.appendingPathComponent("Tests/ClientTests/Example/FiveLines.swift")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return lines.filter { $0.hasPrefix("  ") }.map { $0.dropFirst(2) }.joined(separator: "\n")
  }

  @Test("the example has five lines")
  func five() throws {
    #expect(try example().split(separator: "\n").count == 5)
  }

  @Test(
    "every README that shows the client shows the example that compiles",
    arguments: ["README.md", "clients/swift/README.md"])
  func readme(path: String) throws {
    let file = root.appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let text = try String(contentsOf: file, encoding: .utf8)
    if text.contains("GatehouseClient(") { #expect(text.contains(try example())) }
  }
}

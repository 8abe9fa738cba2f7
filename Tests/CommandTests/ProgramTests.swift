import Arguments
import Foundation
import GatehouseProtocol
import Testing

@testable import gatehouse

@Suite("The commands")
struct ProgramTests {
  @Test("their declarations are sound")
  func consistency() {
    #expect(GatehouseProgram.program.inconsistencies.isEmpty)
  }

  @Test("every command has help with an example that it understands itself")
  func examples() throws {
    for example in examples(of: GatehouseProgram.program.root) where example.hasPrefix("gatehouse ") {
      let line = example.split(separator: "|")[0].split(separator: ">")[0]
      let invocation = Invocation(arguments: words(String(line)), environment: [:], readFile: { _ in "" })
      #expect(throws: Never.self, "\(example)") { try GatehouseProgram.program.read(invocation) }
    }
  }

  private func examples(of command: Command<CommandAction>) -> [String] {
    #expect(!command.examples.isEmpty, "\(command.name)")
    return command.examples.map(\.commandLine) + command.commands.flatMap(examples)
  }

  /// The line's words behind the program's name, as a shell takes them: blanks part, single quotes hold together.
  private func words(_ line: String) -> [String] {
    let parts = line.split(separator: "'", omittingEmptySubsequences: false)
    var words: [String] = []
    for (index, part) in parts.enumerated() {
      if index.isMultiple(of: 2) {
        words += part.split(separator: " ").map(String.init)
      } else {
        words.append(String(part))
      }
    }
    return Array(words.dropFirst())
  }

  @Test("every method of the contract can be called, by its full name and by its short one")
  func methods() {
    #expect(CallableMethod.all.map(\.method) == GatehouseProto.methods)
    for method in GatehouseProto.methods {
      let service = method.name.split(separator: ".").last.map(String.init) ?? ""
      let short = method.name.split(separator: "/").last.map(String.init) ?? ""
      for name in [method.name, service, short] { #expect(CallableMethod.named(name)?.method == method, "\(name)") }
    }
    #expect(CallableMethod.named("Evaluat") == nil)
  }

  @Test("what a server has is shown as a table")
  func describe() {
    var description = DescribeResponse()
    description.serverVersion = "1.0"
    description.ruleSetVersion = "0123456789abcdef"
    description.methods = [
      Method(id: 1, name: "a.B/C", serverStreaming: false), Method(id: 17, name: "a.D/E", serverStreaming: true),
    ]
    #expect(
      DescribeCommand.lines(description, .plain) == [
        "Gatehouse 1.0, rules 0123456789abcdef", "   1  a.B/C", "  17  a.D/E  (stream)",
      ])
  }

  @Test("the sample configuration file is one that serve takes, and names every option of serve in a comment or a line")
  func configurationFile() throws {
    let text = String(decoding: try SampleTrafficTests.repositoryFile("deploy/gatehouse.conf"), as: UTF8.self)
    let invocation = Invocation(
      arguments: ["serve", "--config", "deploy/gatehouse.conf"], environment: [:], readFile: { _ in text })
    #expect(throws: Never.self) { try GatehouseProgram.program.read(invocation) }
    let serve = try #require(GatehouseProgram.program.root.commands.first { $0.name == "serve" })
    for option in serve.options {
      #expect(text.contains("\n\(option.name) = ") || text.contains("\n#\(option.name) = "), "\(option.name)")
    }
    // Every line that is commented out must be right too.
    let all = text.replacingOccurrences(of: "\n#", with: "\n", options: .regularExpression)
      .split(separator: "\n").filter { $0.contains(" = ") && $0.first != " " }.joined(separator: "\n")
    let whole = Invocation(arguments: ["serve", "--config", "f"], environment: [:], readFile: { _ in all })
    #expect(throws: Never.self) { try GatehouseProgram.program.read(whole) }
  }
}

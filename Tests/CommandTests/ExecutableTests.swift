import Foundation
import Testing

@Suite("gatehouse, as a shell runs it")
struct ExecutableTests {
  /// Where nobody listens: port 1 (tcpmux) needs rights that nobody uses for it.
  static let nowhere = "127.0.0.1:1"

  @Test("help and version are data: on standard output, status 0")
  func help() throws {
    let version = try Executable.run("--version")
    #expect(version.output == "gatehouse 0.1.0\n")
    #expect(version.messages == "")
    #expect(version.status == 0)
    let help = try Executable.run("help", "call")
    #expect(help.output.hasPrefix("gatehouse call: "))
    #expect(help.status == 0)
  }

  @Test("a wrong command line is a message: on standard error, status 2")
  func usage() throws {
    let outcome = try Executable.run("cal", "Evaluate")
    #expect(outcome.output == "")
    #expect(outcome.messages.contains("Did you mean call?"))
    #expect(outcome.status == 2)
  }

  @Test("a wrong request is refused before anybody is asked, status 2")
  func wrongRequest() throws {
    let misspelt = try Executable.run("call", "Evaluate", #"{"activity":{"custmer_id":"x"}}"#, "--server", Self.nowhere)
    #expect(misspelt.messages.contains("there is no field activity.custmer_id\n  Did you mean customer_id?"))
    #expect(misspelt.status == 2)
    let broken = try Executable.run("call", "Evaluate", "-", input: "{\n\"activity\"}")
    #expect(broken.messages == "gatehouse: the request is not JSON: line 2, column 11: expected :\n")
    #expect(broken.status == 2)
    let missing = try Executable.run("call", "Evaluate", "@/nonexistent")
    #expect(missing.messages == "gatehouse: /nonexistent cannot be opened: No such file or directory\n")
    #expect(missing.status == 2)
  }

  @Test(
    "a server out of reach is said at once, with status 3", arguments: [["health"], ["describe"], ["call", "Check"]])
  func unreachable(command: [String]) throws {
    let outcome = try Executable.run(command + ["--server", Self.nowhere])
    #expect(outcome.output == "")
    #expect(outcome.messages.contains("Is a server running at \(Self.nowhere)?"))
    #expect(outcome.status == 3)
  }

  @Test("the contract can be had without a server")
  func builtIn() throws {
    let proto = try Executable.run("describe", "--built-in", "--proto")
    let contract = String(decoding: try SampleTrafficTests.repositoryFile("Protocol/gatehouse.proto"), as: UTF8.self)
    #expect(proto.output.trimmingCharacters(in: .newlines) == contract.trimmingCharacters(in: .newlines))
  }

  @Test("the shipped rules pass their check and their test; a bad file is shown and fails")
  func rules() throws {
    let root = SampleTrafficTests.repositoryPath
    let check = try Executable.run("rules", "check", root + "/deploy/rules/trade.rules")
    #expect(check.status == 0, "\(check.messages)")
    #expect(check.messages.hasSuffix("9 rules over 7 counters, no errors\n"))
    let test = try Executable.run(
      "rules", "test", root + "/deploy/rules/trade.rules", root + "/deploy/sample/traffic.jsonl")
    #expect(test.status == 0, "\(test.output)")
    #expect(test.messages.contains("35 of 35 as expected, 0 unexpected; 9 of 9 rules fired"))
    let bad = try Executable.run("rules", "check", root + "/Package.swift")
    #expect(bad.status == 1)
    #expect(bad.output.contains("error[E"))
  }

  @Test("a reader that has enough is no failure")
  func closedOutput() throws {
    let process = Executable.process(["describe", "--built-in", "--proto"])
    let (output, messages) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = messages
    try output.fileHandleForReading.close()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try messages.fileHandleForReading.readToEnd() ?? Data() == Data())
  }

  @Test("nothing is decorated where there is no terminal")
  func plain() throws {
    for outcome in [
      try Executable.run("--help"), try Executable.run("describe", "--built-in"), try Executable.run("x"),
    ] {
      #expect(!(outcome.output + outcome.messages).contains("\u{1B}"))
    }
  }
}

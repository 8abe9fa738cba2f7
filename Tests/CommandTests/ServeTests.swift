import Foundation
import Glibc
import ProtoJSON
import Testing

@Suite("A server and its commands, end to end")
struct ServeTests {
  private func removeFolder(_ server: RunningServer) { try? FileManager.default.removeItem(at: server.folder) }

  @Test("the shipped sample is decided as expected, as often as it is replayed, also after a restart")
  func sample() throws {
    let sample = SampleTrafficTests.repositoryPath + "/deploy/sample/traffic.jsonl"
    var server = try RunningServer()
    defer { removeFolder(server) }
    for _ in 0..<2 {
      let replay = try Executable.run("replay", sample, "--expect", "--server", server.address)
      #expect(replay.status == 0, "\(replay.output)\(replay.messages)")
      #expect(replay.messages.hasPrefix("36 calls, none unexpected; latency p50 "))
    }
    server.send(SIGTERM)
    #expect(server.waitForEnd() == 0)
    server = try RunningServer(in: server.folder)
    #expect(server.greeting.contains("the log has 71 entries in 1 segment"))
    #expect(try Executable.run("replay", sample, "--expect", "--server", server.address).status == 0)
  }

  @Test("a decision that is not the expected one is shown and fails the replay")
  func unexpected() throws {
    let server = try RunningServer()
    defer { removeFolder(server) }
    let line = """
      {"name":"x","evaluate":{"activity":{"customer_id":"c","entity":"customer","action":"login"}},"expect":{"outcome":\
      "FRICTION"}}
      """
    let replay = try Executable.run("replay", "-", "--expect", "--server", server.address, input: line)
    #expect(replay.status == 1)
    #expect(replay.output.contains("unexpected: expected the outcome FRICTION, got NONE"))
    let lenient = try Executable.run("replay", "-", "--json", "--server", server.address, input: line)
    #expect(lenient.status == 0)
    #expect(lenient.output.contains(#""expected":false"#))
    let broken = try Executable.run("replay", "-", "--server", server.address, input: "\n{\"evalute\":{}}")
    #expect(broken.messages == "gatehouse: -:2: there is no member evalute\n  Did you mean evaluate?\n")
    #expect(broken.status == 2)
  }

  @Test("methods are called with JSON over TCP and a Unix socket, and refusals have their status")
  func call() throws {
    let server = try RunningServer()
    defer { removeFolder(server) }
    let request = #"{"activity":{"customerId":"c-1","entity":"customer","action":"password_reset"},"mode":"CHECK"}"#
    for address in [server.address, "unix:\(server.folder.path)/socket"] {
      let answer = try Executable.run("call", "Evaluate", request, "--server", address)
      #expect(answer.status == 0, "\(answer.messages)")
      #expect(answer.output.hasPrefix(#"{"outcome":"NONE","fired":[],"#))
      #expect(answer.output.hasSuffix("}\n"))
    }
    let refused = try Executable.run("call", "gatehouse.v1.Gatehouse/Evaluate", "--server", server.address)
    #expect(refused.status == 1)
    #expect(refused.messages.hasPrefix("gatehouse: INVALID_ARGUMENT: "))
    let variable = try Executable.run("call", "Check", environment: ["GATEHOUSE_SERVER": server.address])
    #expect(variable.output == "{\"status\":\"SERVING\"}\n")
  }

  @Test("health and the contract are told")
  func healthAndContract() throws {
    let server = try RunningServer()
    defer { removeFolder(server) }
    let health = try Executable.run("health", "--server", server.address)
    #expect(health.output == "SERVING\n")
    #expect(health.status == 0)
    let unknown = try Executable.run("health", "nobody", "--server", server.address)
    #expect(unknown.messages.hasPrefix("gatehouse: NOT_FOUND: "))
    #expect(unknown.status == 1)
    let described = try Executable.run("describe", "--server", server.address)
    #expect(described.output.contains("17  gatehouse.v1.Health/Watch  (stream)"))
    let own = try Executable.run("describe", "--built-in", "--proto")
    #expect(try Executable.run("describe", "--proto", "--server", server.address).output == own.output)
  }

  @Test("SIGHUP takes up changed rules and refuses wrong ones, which change nothing")
  func reload() throws {
    let server = try RunningServer()
    defer { removeFolder(server) }
    let login = #"{"activity":{"customer_id":"c","entity":"customer","action":"login"},"mode":"CHECK"}"#
    let text = try String(contentsOf: server.rules, encoding: .utf8)
    let added = "rule all_logins\n  on customer.login\n  when customer_id == \"c\"\n  then friction \"added\"\n"
    for (content, said, outcome) in [
      (text + added, "are in force", "FRICTION"), (text + "rule", "the rules stay as they are", "FRICTION"),
      (text, "are in force", "NONE"),
    ] {
      try content.write(to: server.rules, atomically: true, encoding: .utf8)
      server.send(SIGHUP)
      #expect(try server.says("gatehouse: ").contains(said))
      let answer = try Executable.run("call", "Evaluate", login, "--server", server.address)
      #expect(answer.output.hasPrefix(#"{"outcome":"\#(outcome)""#), "\(answer.messages)")
    }
  }

  @Test("a log that would be kept too short is refused in the words of the flag")
  func keptTooShort() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let refused = #expect(throws: RunningServer.NotReady.self) {
      try RunningServer(in: folder, extraArguments: ["--keep-for", "1h"])
    }
    #expect(refused?.messages.contains("gatehouse: --keep-for 1h is too short: the rules' windows with ") == true)
    #expect(refused?.messages.contains(" need 4d; 0s keeps all\n") == true)
  }

  @Test("a checkpoint that was deleted is missed at the next start")
  func noCheckpoint() throws {
    var server = try RunningServer()
    defer { removeFolder(server) }
    #expect(!server.greeting.contains("checkpoint"))
    server.send(SIGTERM)
    #expect(server.waitForEnd() == 0)
    try FileManager.default.removeItem(at: server.folder.appendingPathComponent("data/checkpoint"))
    server = try RunningServer(in: server.folder)
    #expect(server.greeting.contains("; there was no checkpoint, so nothing here shows whether entries are missing"))
  }

  @Test("SIGUSR1 tells what was asked for and what the windows hold")
  func report() throws {
    let server = try RunningServer()
    defer { removeFolder(server) }
    let login =
      #"{"activity":{"id":"1","customer_id":"c","entity":"customer","action":"login","was_successful":false}}"#
    #expect(try Executable.run("call", "Evaluate", login, "--server", server.address).status == 0)
    server.send(SIGUSR1)
    let report = try server.says("forgotten early: 0\n")
    #expect(report.contains("1 decision or record asked for in 1 batch"))
    #expect(report.contains("1 window key in ") && report.contains("gave way to others: 0"))
    #expect(report.contains("1 id remembered, "))
  }

  @Test("SIGINT drains it")
  func drain() throws {
    let server = try RunningServer()
    defer { removeFolder(server) }
    server.send(SIGINT)
    #expect(try server.says("draining").contains("once more to end at once"))
    #expect(server.waitForEnd() == 0)
  }

  @Test("what keeps it from starting is said with what to do, status 2 for what only a person can mend")
  func refusals() throws {
    let none = try Executable.run("serve")
    #expect(none.messages.contains("Give --rules FILE"))
    #expect(none.status == 2)
    let bad = try Executable.run("serve", "--rules", SampleTrafficTests.repositoryPath + "/Package.swift")
    #expect(bad.messages.contains("error[E"))
    #expect(bad.status == 2)
    let server = try RunningServer()
    defer { removeFolder(server) }
    let rules = SampleTrafficTests.repositoryPath + "/deploy/rules/trade.rules"
    let data = server.folder.appendingPathComponent("data").path
    let locked = try Executable.run("serve", "--rules", rules, "--listen", "127.0.0.1:0", "--data", data)
    #expect(locked.status == 1, "\(locked.messages)")
  }
}

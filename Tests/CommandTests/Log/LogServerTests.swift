import Foundation
import Testing

@Suite("gatehouse log, of a running server")
struct LogServerTests {
  @Test("checkpoint, receipt and consistency come from the server as from its directory, and verify offline")
  func served() throws {
    let server = try RunningServer()
    defer { try? FileManager.default.removeItem(at: server.folder) }
    let data = server.folder.appendingPathComponent("data").path
    let sample = SampleTrafficTests.repositoryPath + "/deploy/sample/traffic.jsonl"
    #expect(try Executable.run("replay", sample, "--server", server.address).status == 0)
    var checkpoint = try Executable.run("log", "checkpoint", "--server", server.address)
    while checkpoint.status != 0 || checkpoint.output.split(separator: "\n")[1].count < 2 {
      checkpoint = try Executable.run("log", "checkpoint", "--server", server.address)
    }
    let kept = server.folder.appendingPathComponent("kept").path
    try checkpoint.output.write(toFile: kept, atomically: true, encoding: .utf8)
    let receipt = server.folder.appendingPathComponent("r.tlog-proof").path
    let taken = try Executable.run("log", "receipt", "5", "-o", receipt, "--server", server.address)
    #expect(taken.status == 0, "\(taken.messages)")
    let key = "@\(data)/key.vkey"
    #expect(try Executable.run("log", "check-receipt", receipt, "--key", key).status == 0)
    let consistency = try Executable.run("log", "consistency", kept, "--key", key, "--server", server.address)
    #expect(consistency.status == 0, "\(consistency.messages)")
    #expect(try Executable.run("log", "verify", data, "--against", kept, "--key", key).status == 0)
    let far = try Executable.run("log", "receipt", "900000", "--server", server.address)
    #expect(far.status == 1 && far.messages.contains("OUT_OF_RANGE"))
    server.send(SIGTERM)
    #expect(server.waitForEnd() == 0)
    let accesses = try Executable.run("log", "entries", data).output.split(separator: "\n").filter {
      $0.contains("  access  ")
    }
    #expect(accesses.count == 2)
    #expect(accesses.first?.hasSuffix("gatehouse.v1.Log/GetReceipt  entry 5  gatehouse/0.1.0  OK") == true)
  }
}

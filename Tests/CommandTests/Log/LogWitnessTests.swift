import Foundation
import Journal
import Testing

@testable import gatehouse

@Suite("gatehouse log witness")
struct LogWitnessTests {
  private func run(_ log: SampleLog, _ witness: TestWitness, _ more: String...) throws -> Executable.Outcome {
    try Executable.run(
      ["log", "witness", log.path, "--witness", witness.address, "--witness-key", "\(witness.key)"] + more)
  }

  @Test("a witness cosigns checkpoint after checkpoint; the log carries its word, and receipts do")
  func cosigned() throws {
    let log = try SampleLog()
    let witness = try TestWitness(of: log.journal.verifier)
    defer { witness.close() }
    let first = try run(log, witness)
    #expect(first.status == 0, "\(first.messages)")
    #expect(
      first.messages == "gatehouse: witness.example/test cosigned the tree of 300 at 2026-01-01T00:00:00.000Z\n")
    log.journal.step()
    #expect(try Executable.run("log", "checkpoint", log.path).output == first.output)
    try log.append(100)
    let second = try run(log, witness, "--json")
    #expect(second.output.hasPrefix(#"{"witness":"witness.example/test","origin":"example.com/log","size":400,"#))
    #expect(witness.answered == [200, 200], "the size that it knew was remembered")

    let file = log.folder.appendingPathComponent("7.tlog-proof").path
    #expect(try Executable.run("log", "receipt", "7", log.path, "--cosigned", "-o", file).status == 0)
    let checked = try Executable.run(
      "log", "check-receipt", file, "--key", log.key, "--witness-key", "\(witness.key)")
    #expect(checked.status == 0, "\(checked.messages)")
    #expect(checked.messages.contains("a witness saw that tree at 2026-01-01T00:00:00.000Z"))
    try log.append(1)
    #expect(try Executable.run("log", "receipt", "7", log.path, "-o", file).status == 0)
    let without = try Executable.run(
      "log", "check-receipt", file, "--key", log.key, "--witness-key", "\(witness.key)")
    #expect(without.status == 1 && without.messages.contains("there is no cosignature of witness.example/test"))
  }

  @Test("a witness that knows more than is known here says so, and gets the proof that it needs")
  func conflict() throws {
    let log = try SampleLog()
    let witness = try TestWitness(of: log.journal.verifier)
    defer { witness.close() }
    #expect(try run(log, witness).status == 0)
    try FileManager.default.removeItem(atPath: log.path + "/" + CosignedCheckpoint.path)
    try log.append(50)
    #expect(try run(log, witness).status == 0)
    #expect(witness.answered == [200, 409, 200])
  }

  @Test("a log that was rewritten is not cosigned again, and one that was cut is found out")
  func rewritten() throws {
    let log = try SampleLog()
    let witness = try TestWitness(of: log.journal.verifier)
    defer { witness.close() }
    #expect(try run(log, witness).status == 0)
    let other = try SampleLog(0)
    for file in ["key.pem", "key.vkey"] {
      try FileManager.default.removeItem(atPath: "\(other.path)/\(file)")
      try FileManager.default.copyItem(atPath: "\(log.path)/\(file)", toPath: "\(other.path)/\(file)")
    }
    other.journal.close()
    try FileManager.default.removeItem(atPath: other.path + "/checkpoint")
    let forger = try Journal.open(
      storage: PosixStorage(root: other.path), configuration: JournalConfiguration(origin: "example.com/log"),
      now: { 1 })
    defer { forger.close() }
    for (count, status, words) in [(200, 1, "it was cut, or set back"), (200, 1, "HTTP status 422")] {
      for number in 0..<count { _ = [UInt8(number % 251)].withUnsafeBytes { forger.writer.append($0) } }
      forger.writer.flush()
      forger.step()
      let outcome = try run(other, witness)
      #expect(outcome.status == status && outcome.messages.contains(words), "\(outcome.messages)")
    }
    #expect(!FileManager.default.fileExists(atPath: other.path + "/" + CosignedCheckpoint.path))
  }

  @Test("a cosignature of anything else, and every other answer, is worth nothing and stores nothing")
  func worthless() throws {
    let log = try SampleLog(5)
    let long = [UInt8](repeating: 0x41, count: WitnessClient.maximumAnswerBytes * 4)
    for (manner, status, words) in [
      (TestWitness.Manner.lying, Int32(1), "does not verify"), (.fixed(status: 200, body: []), 1, "worth nothing"),
      (.fixed(status: 403, body: Array("no such log\nx".utf8)), 1, "HTTP status 403, no such log"),
      (.fixed(status: 409, body: Array("x\n".utf8)), 1, "HTTP status 409"),
      (.fixed(status: 409, body: Array("3\n".utf8)), 3, "named another size 4 times"),
      (.fixed(status: 307, body: []), 1, "HTTP status 307"),
      (.fixed(status: 200, body: long), 1, "HTTP status 200, an answer of over 65536 bytes"),
    ] {
      let witness = try TestWitness(of: log.journal.verifier, manner: manner)
      defer { witness.close() }
      let outcome = try run(log, witness)
      #expect(outcome.status == status, "\(words): \(outcome.messages)")
      #expect(outcome.messages.contains(words), "\(outcome.messages)")
      #expect(outcome.output == "")
    }
    #expect(!FileManager.default.fileExists(atPath: log.path + "/" + CosignedCheckpoint.path))
  }

  @Test("a witness out of reach is said with status 3, a wrong command line with status 2")
  func refusals() throws {
    let log = try SampleLog(1)
    let key = "\(try TestWitness(of: log.journal.verifier).key)"
    let unreachable = try Executable.run(
      "log", "witness", log.path, "--witness", "http://127.0.0.1:1/", "--witness-key", key)
    #expect(unreachable.status == 3 && unreachable.messages.contains("does not answer"), "\(unreachable.messages)")
    for arguments in [
      [], ["--witness", "http://x"], ["--witness", "ftp://x", "--witness-key", key], ["--witness-key", key],
      ["--witness", "http://x", "--witness-key", log.key], ["--witness", "http://x", "--witness-key", "nonsense"],
    ] {
      #expect(try Executable.run(["log", "witness", log.path] + arguments).status == 2, "\(arguments)")
    }
  }

  @Test("the meaning of an answer is in its status and its body")
  func answers() {
    #expect(WitnessClient.answer(status: 200, body: [1, 2]) == .cosigned([1, 2]))
    #expect(WitnessClient.answer(status: 409, body: Array("17\n".utf8)) == .knows(size: 17))
    for body in ["", "-1", "017", "17 ", "1\n2"] {
      guard case .refused(409, _) = WitnessClient.answer(status: 409, body: Array(body.utf8)) else {
        Issue.record("\(body) is no size")
        continue
      }
    }
    #expect(WitnessClient.answer(status: 500, body: Array("a\nb".utf8)) == .refused(status: 500, "a"))
  }
}

import Foundation
import GatehouseProtocol
import Journal
import ProtoJSON
import Testing

@Suite("gatehouse log, on a directory")
struct LogCommandTests {
  @Test("verify passes a whole log, for people and for programs, and says whose key it took")
  func verify() throws {
    let log = try SampleLog()
    let own = try Executable.run("log", "verify", log.path)
    #expect(own.status == 0, "\(own.messages)")
    #expect(own.output.hasPrefix("\(log.path): whole\n  entries     300 from 0 on, "))
    #expect(own.output.contains("\n  checkpoint  of 300 entries, root ") && !own.output.contains("behind it"))
    #expect(own.messages.contains("the key is the directory's own"))
    let json = try Executable.run("log", "verify", log.path, "--key", log.key, "--json")
    #expect(json.messages == "" && json.status == 0)
    #expect(json.output.hasPrefix(#"{"verified":true,"firstIndex":0,"endIndex":300,"#))
    #expect(json.output.hasSuffix(#""against":[],"unverifiedTail":null}"# + "\n"))
  }

  @Test("verify tells what no checkpoint covers yet apart from what it has proven")
  func behindTheCheckpoint() throws {
    let log = try SampleLog(20)
    for _ in 0..<3 { try log.append(LogEntry(createdAt: 1, access: Access())) }
    log.journal.writer.flush()
    let ahead = try Executable.run("log", "verify", log.path, "--key", log.key)
    #expect(ahead.status == 0, "\(ahead.messages)")
    #expect(ahead.output.contains("entries     23 from 0 on, "))
    #expect(ahead.output.contains("behind it   3 entries that no checkpoint covers yet, with checksums that are right"))
    let segments = try FileManager.default.contentsOfDirectory(atPath: log.path + "/segments").sorted()
    let last = URL(fileURLWithPath: log.path).appendingPathComponent("segments/\(segments[segments.count - 1])")
    try Data(contentsOf: last).dropLast(2).write(to: last)
    let torn = try Executable.run("log", "verify", log.path, "--key", log.key)
    #expect(torn.status == 0, "\(torn.messages)")
    #expect(torn.output.contains("tail        the log ends in the middle of a batch"))
  }

  @Test("verify names the file, the offset and the entry of what is wrong, and exits with 1")
  func damaged() throws {
    let log = try SampleLog()
    let segments = try FileManager.default.contentsOfDirectory(atPath: log.path + "/segments").sorted()
    try log.flip("segments/\(segments[1])", at: 200)
    let damaged = try Executable.run("log", "verify", log.path, "--key", log.key)
    #expect(damaged.status == 1 && damaged.output == "")
    #expect(damaged.messages.contains("segments/\(segments[1]): damaged at offset 64, entry "))
    let json = try Executable.run("log", "verify", log.path, "--key", log.key, "--json")
    #expect(json.output.hasPrefix(#"{"verified":false,"reason":"#))
    #expect(json.output.contains(#""file":"segments/\#(segments[1])","offset":64,"index":"#))
    #expect(json.status == 1)
  }

  @Test("verify holds the log against checkpoints that were kept, and refuses one of another log")
  func against() throws {
    let (log, other) = (try SampleLog(), try SampleLog(3))
    let kept = try log.file("kept", Array(Executable.run("log", "checkpoint", log.path).output.utf8))
    try log.append(20)
    let good = try Executable.run("log", "verify", log.path, "--against", kept, "--key", log.key)
    #expect(good.status == 0, "\(good.messages)")
    #expect(good.output.contains("against     \(kept): the log begins with what it covers"))
    let foreign = try log.file("foreign", Array(Executable.run("log", "checkpoint", other.path).output.utf8))
    let bad = try Executable.run("log", "verify", log.path, "--against", foreign, "--key", log.key)
    #expect(bad.status == 1)
    #expect(bad.messages.contains("not signed by a known key: it names "))
    #expect(bad.messages.contains("\(foreign) cannot be held against the log"))
    #expect(!bad.messages.contains("is not what was written"))
    let noCheckpoint = try log.file("none", Array("hello\n".utf8))
    let none = try Executable.run("log", "verify", log.path, "--against", noCheckpoint, "--key", log.key)
    #expect(none.status == 1 && none.messages.contains("\(noCheckpoint) cannot be held against the log"))
    let wrongKey = try Executable.run("log", "verify", log.path, "--key", other.key)
    #expect(wrongKey.status == 1)
  }

  @Test("entries are printed as lines and as the contract's JSON, from where and as many as asked for")
  func entries() throws {
    let log = try SampleLog(12)
    try log.append(LogEntry(createdAt: 1, access: Access(method: "x", agent: "y\u{1B}[31m", logIndex: 3, status: 7)))
    try log.append(0)
    let all = try Executable.run("log", "entries", log.path)
    let lines = all.output.split(separator: "\n")
    #expect(all.status == 0 && lines.count == 13, "\(all.messages)")
    #expect(lines[0] == "0  2026-01-02T03:04:05.678Z  order.create  c-0  recorded")
    #expect(lines[12] == "12  1970-01-01T00:00:00.001Z  access  x  entry 3  y\u{FFFD}[31m  PERMISSION_DENIED")
    let some = try Executable.run("log", "entries", log.path, "--from", "10", "--count", "2", "--json")
    let objects = some.output.split(separator: "\n")
    #expect(objects.count == 2)
    #expect(objects[0].hasPrefix(#"{"index":10,"writtenAt":1767323045678,"entry":{"createdAt":"1767323045678","#))
    #expect(objects[1].contains(#""customerId":"c-11""#))
    #expect(try Executable.run("log", "entries", log.path, "--from", "99").output == "")
  }

  @Test("a receipt taken from a directory is verified offline, and only with the right entry and key")
  func receipt() throws {
    let (log, other) = (try SampleLog(), try SampleLog(3))
    let file = log.folder.appendingPathComponent("17.tlog-proof").path
    let taken = try Executable.run("log", "receipt", "17", log.path, "--output", file)
    #expect(taken.status == 0 && taken.output == "", "\(taken.messages)")
    let keyFile = try log.file("key", Array((log.key + "\n").utf8))
    let good = try Executable.run("log", "check-receipt", file, "--key", "@" + keyFile)
    #expect(good.status == 0)
    #expect(good.output == "17  2026-01-02T03:04:05.678Z  order.create  c-17  recorded\n")
    #expect(good.messages == "gatehouse: proven: this is entry 17 of example.com/log, in its tree of 300\n")
    let entry = try log.file("other.entry", [1, 2, 3])
    for arguments in [["--entry", entry, "--key", log.key], ["--key", other.key]] {
      let bad = try Executable.run(["log", "check-receipt", file] + arguments)
      #expect(bad.status == 1 && bad.output == "", "\(arguments)")
      #expect(bad.messages.contains("does not prove the entry"))
    }
    let keyless = try Executable.run("log", "check-receipt", file)
    #expect(keyless.status == 2 && keyless.messages.contains("Give --key VKEY"))
    let printed = try Executable.run("log", "receipt", "17", log.path)
    #expect(printed.output == (try String(contentsOfFile: file, encoding: .utf8)))
    let far = try Executable.run("log", "receipt", "300", log.path)
    #expect(far.status == 1 && far.messages.contains("no checkpoint covers entry 300 yet"))
  }

  @Test("consistency proves what was kept, and finds a log that was rewritten or cut")
  func consistency() throws {
    let log = try SampleLog()
    let kept = try log.file("kept", Array(Executable.run("log", "checkpoint", log.path).output.utf8))
    try log.append(100)
    let good = try Executable.run("log", "consistency", kept, log.path, "--key", log.key)
    #expect(good.status == 0, "\(good.messages)")
    #expect(good.messages == "gatehouse: the log of 400 entries begins with the first 300\n")
    let sizes = try Executable.run("log", "consistency", "100", log.path, "--new", "200")
    #expect(sizes.status == 0 && sizes.output.hasPrefix("100 "))
    // The key's owner signs another log of the same name.
    let signer = try NoteSigner(name: "example.com/log", seed: [UInt8](repeating: 7, count: 32))
    for (size, words) in [(UInt64(300), "does not begin with the first 300 entries"), (401, "it was cut, or set back")]
    {
      let text = Checkpoint(origin: "example.com/log", size: size, root: MerkleTree.leaf([1])).text
      let note = SignedNote(text: text, signatures: [try signer.sign(text)])
      let forged = try log.file("forged", note.encoded)
      let found = try Executable.run(
        "log", "consistency", forged, log.path, "--key", "\(signer.verifier),\(log.key)")
      #expect(found.status == 1 && found.messages.contains(words), "\(found.messages)")
    }
    for wrong in [
      ["consistency", "0", log.path], ["consistency", kept, log.path], ["consistency", "/nowhere", log.path],
    ] {
      #expect(try Executable.run(["log"] + wrong).status == 2)
    }
  }

  @Test("what is no log's directory is refused, and not made one")
  func noDirectory() throws {
    let log = try SampleLog(1)
    let nowhere = log.folder.appendingPathComponent("nowhere").path
    for command in [["verify", nowhere], ["entries", nowhere], ["checkpoint", nowhere], ["receipt", "0", nowhere]] {
      let outcome = try Executable.run(["log"] + command)
      #expect(outcome.status == 2 && outcome.messages.contains("\(nowhere) cannot be opened"), "\(outcome.messages)")
    }
    #expect(!FileManager.default.fileExists(atPath: nowhere))
    let empty = try Executable.run("log", "entries", log.folder.path)
    #expect(empty.status == 1 && empty.messages.contains("not the directory of a log"))
    let server = try Executable.run("log", "checkpoint", "--server", ExecutableTests.nowhere)
    #expect(server.status == 3)
  }
}

import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Journal

/// The whole journal on a real directory, with its queues.
struct JournalTests {
  let directory = TemporaryDirectory()

  private func open(
    segmentBytes: UInt64 = 256 << 20, events: JournalEvents = JournalEvents()
  ) throws -> Journal {
    var configuration = JournalConfiguration(origin: Book.origin)
    configuration.limits.segmentBytes = segmentBytes
    return try Journal.open(
      storage: PosixStorage(root: directory.path), configuration: configuration, now: { 1000 }, events: events)
  }

  private func append(_ bytes: [UInt8], to journal: Journal, durable: Bool = false) -> AppendResult {
    bytes.withUnsafeBytes { journal.writer.append($0, durable: durable) }
  }

  @Test("entries from several threads get an index each, and each is found there")
  func threads() throws {
    let journal = try open(segmentBytes: 256 << 10)
    // A batch of all the others, however large, begins another segment behind this one.
    let indexes = Mutex<[UInt64: [UInt8]]>([0: [1]])
    #expect(append([1], to: journal) == .index(0))
    journal.writer.commit()
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for number in 0..<1500 {
        let entry = Array("\(thread) \(number)".utf8) + [UInt8](repeating: 0, count: number % 300)
        guard case .index(let index) = append(entry, to: journal, durable: number % 100 == 0) else {
          Issue.record("refused")
          return
        }
        journal.writer.commit()
        indexes.withLock { $0[index] = entry }
      }
    }
    journal.close()
    let again = try open(segmentBytes: 256 << 10)
    defer { again.close() }
    let model = indexes.withLock { $0 }
    #expect(model.count == 6001 && again.recovery.endIndex == 6001 && again.recovery.tornBytes == 0)
    #expect(again.recovery.segments > 1)
    try again.cursor(from: 0).read(below: 6001) { #expect(model[$0.index] == Array($0.bytes)) }
  }

  @Test("who waits for durability is told by the watermark, without a tick")
  func watermark() throws {
    let reached = DispatchSemaphore(value: 0)
    let journal = try open(events: JournalEvents(progressed: { if $0.durableIndex == 3 { reached.signal() } }))
    defer { journal.close() }
    for number in UInt8(0)..<3 { #expect(append([number], to: journal, durable: true) == .index(UInt64(number))) }
    journal.writer.commit()
    reached.wait()
    #expect(journal.writer.durableIndex == 3)
  }

  @Test("ticks publish checkpoints, and receipts under them verify offline")
  func receipts() throws {
    let published = DispatchSemaphore(value: 0)
    let journal = try open(
      events: JournalEvents(published: { if $0.checkpoint.size == 300 { published.signal() } }))
    for number in 0..<300 { _ = append(Book.entry(number), to: journal) }
    journal.writer.commit()
    journal.startTicking(everyMilliseconds: 5)
    published.wait()
    for index in [UInt64(0), 5, 255, 256, 299] {
      let entry = try journal.entry(at: index)
      #expect(entry.bytes == Book.entry(Int(index)) && entry.timeMilliseconds == 1000)
      let receipt = try LogProof(parsing: #require(journal.covered).receipt(for: index).encoded)
      #expect(try receipt.verify(entry: entry.bytes, origin: Book.origin, keys: [journal.verifier]).size == 300)
    }
    #expect(try #require(journal.covered).tree.inclusionProof(of: 4, in: 200).count == 8)
    let proof = try #require(journal.covered).tree.consistencyProof(from: 100, to: 300)
    let old = try TileReader(storage: journal.storage, size: 300).root(of: 100)
    let new = try #require(journal.checkpoint?.checkpoint)
    #expect(MerkleProof.verifyConsistency(from: 100, old, to: 300, new.root, proof: proof))
    #expect(#expect(throws: JournalError.self) { try #require(journal.covered).receipt(for: 300) }?.code == .notFound)
    #expect(#expect(throws: JournalError.self) { try journal.entry(at: 300) }?.code == .notFound)
    journal.close()
    let verifier = LogVerifier(
      storage: try PosixStorage(root: directory.path), origin: Book.origin, keys: [journal.verifier])
    #expect(try verifier.verify().endIndex == 300)
  }

  @Test("a second writer is refused at once, with the first one named, until the first is closed")
  func oneWriter() throws {
    let journal = try open()
    let error = #expect(throws: JournalError.self) { try open() }
    #expect(error?.code == .locked)
    #expect(error?.message.contains("process \(getpid()) on ") == true)
    #expect(error?.message.contains(", started at 1970-01-01T00:00:01Z: stop that one") == true)
    journal.close()
    try open().close()
  }

  @Test("closing publishes what was appended last")
  func closing() throws {
    let journal = try open()
    _ = append([1, 2, 3], to: journal)
    journal.close()
    #expect(journal.checkpoint?.checkpoint.size == 1)
    #expect(append([4], to: journal) == .failed)
  }

  @Test("the key's mode is 0600 and the lock file tells who holds it")
  func files() throws {
    let journal = try open()
    defer { journal.close() }
    let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/key.pem")
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    let lock = try String(contentsOfFile: directory.path + "/lock", encoding: .utf8)
    #expect(lock.hasPrefix("pid \(getpid())\nhost ") && lock.hasSuffix("\nstarted 1000\n"))
  }

  @Test("many tiles are made durable by one call, and found again")
  func manyTiles() throws {
    let journal = try open()
    for number in 0..<6000 { _ = append([UInt8(number % 251)], to: journal) }
    journal.writer.commit()
    journal.close()
    #expect(journal.checkpoint?.checkpoint.size == 6000)
    try open().close()
  }
}

import Synchronization
import Testing

@testable import Journal

/// Old segments go; what they held stays provable.
struct RetentionTests {
  let directory = TemporaryDirectory()

  private func journal() throws -> Journal {
    var configuration = JournalConfiguration(origin: Book.origin)
    configuration.limits.segmentBytes = 8 << 10
    let clock = Clock()
    return try Journal.open(
      storage: PosixStorage(root: directory.path), configuration: configuration, now: { clock.next() })
  }

  private func fill(_ journal: Journal) throws {
    for number in 0..<600 {
      _ = Book.entry(number).withUnsafeBytes { journal.writer.append($0) }
      if number % 20 == 19 { journal.writer.drain() }
    }
    journal.writer.drain()
    journal.step()
  }

  @Test("whole old segments are removed, never the last, and the log still opens, proves and verifies")
  func removal() throws {
    let journal = try journal()
    try fill(journal)
    let removable = try journal.removableSegments(below: 400)
    let end = try #require(removable.last?.endIndex)
    #expect(removable.count > 3 && end <= 400)
    try journal.remove(removable)
    #expect(journal.firstIndex == end)
    #expect(#expect(throws: JournalError.self) { try journal.entry(at: 3) }?.code == .removed)
    #expect(try journal.entry(at: end).bytes == Book.entry(Int(end)))
    try #require(journal.covered).receipt(for: 3).verify(
      entry: Book.entry(3), origin: Book.origin, keys: [journal.verifier])
    journal.close()
    let again = try self.journal()
    #expect(again.recovery.firstIndex == end && again.recovery.endIndex == 600)
    let verifier = LogVerifier(storage: again.storage, origin: Book.origin, keys: [again.verifier])
    #expect(try verifier.verify().firstIndex == end)
    #expect(try again.removableSegments().last.map { $0.endIndex < 600 } == true)
    again.close()
  }

  @Test("age and checkpoint bound what may go, and only the oldest may")
  func bounds() throws {
    let journal = try journal()
    defer { journal.close() }
    try fill(journal)
    let all = try journal.removableSegments()
    #expect(try journal.removableSegments(writtenBefore: all[2].closedMilliseconds).count == 2)
    #expect(#expect(throws: JournalError.self) { try journal.remove([all[1]]) }?.code == .invalidArgument)
    try journal.remove([])
    #expect(journal.firstIndex == 0)
  }

  @Test("a death in the middle of a removal is completed at the next start; a segment lost otherwise is damage")
  func interrupted() throws {
    let book = try VerifierTests.book()
    let second = try #require(book.parts.catalog.all.dropFirst().first)
    let interrupted = book.storage.copy()
    try MinimumIndex.write(second.firstIndex, to: interrupted)
    let opened = try Book(interrupted)
    #expect(opened.parts.recovery.firstIndex == second.firstIndex)
    #expect(!interrupted.paths(under: "segments/").contains(SegmentInfo(firstIndex: 0).path))
    try interrupted.remove(second.path)
    interrupted.withDisk { $0.restart() }
    #expect(#expect(throws: JournalError.self) { try Book(interrupted) }?.damage?.index == second.firstIndex)
    let error = #expect(throws: JournalError.self) {
      try LogVerifier(storage: interrupted, origin: Book.origin, keys: [book.parts.verifier]).verify()
    }
    #expect(error?.code == .damaged)
    interrupted.withDisk { $0.restart() }
    interrupted.setBytes(of: MinimumIndex.path, Array("gatehouse minimum-index 1\n99\n00000000\n".utf8))
    #expect(#expect(throws: JournalError.self) { try Book(interrupted) }?.damage?.file == MinimumIndex.path)
  }
}

/// A clock that goes on by a second each time it is read.
private final class Clock: Sendable {
  private let time = Atomic<Int64>(0)
  func next() -> Int64 { time.add(1000, ordering: .relaxed).newValue }
}

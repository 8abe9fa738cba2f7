import Testing

@testable import Journal

@Suite("A log whose checkpoint is gone")
struct UnsignedLogTests {
  /// A log of 700 entries, in tiles 0, 1 and a part of 2, without its checkpoint.
  private let book: Book
  private let storage: SimulatedStorage

  init() throws {
    book = try VerifierTests.book()
    storage = book.storage.copy()
    remove(Checkpoint.path)
  }

  private func remove(_ path: String) { storage.withDisk { _ = $0.names.removeValue(forKey: path) } }

  private var segments: [SegmentInfo] { book.parts.catalog.all }

  /// Cuts whole batches from the end, as somebody would who knows the format.
  private func cutTail() throws {
    let last = try #require(segments.last).path
    let pieces = try SegmentForger.pieces(of: last, in: storage)
    storage.setBytes(
      of: last,
      SegmentForger.bytes(
        pieces.dropLast(), firstIndex: try #require(segments.last).firstIndex, journal: book.parts.journalID))
  }

  @Test("opens, says so, and signs the same tree anew; one that has a checkpoint or no entry says nothing")
  func opens() throws {
    let again = try Book(storage, model: book.model)
    #expect(again.parts.recovery.hasNoCheckpoint && again.parts.publisher.published == nil)
    #expect(again.tick() == nil)
    #expect(again.checkpoints.last?.root == book.checkpoints.last?.root)
    #expect(try VerifierTests.verify(again).endIndex == 700)
    #expect(try !Book(storage.copy(), model: book.model).parts.recovery.hasNoCheckpoint)
    #expect(try !Book(SimulatedStorage()).parts.recovery.hasNoCheckpoint)
  }

  @Test(
    "and whose end was cut off is damaged where the tiles go on; without those tiles only an outside checkpoint shows it"
  )
  func cut() throws {
    try cutTail()
    let error = #expect(throws: JournalError.self) { try Book(storage.copy()) }
    #expect(error?.damage?.reason == "the log ends here, and tile/0/002.p/188 has entries beyond, which were durable")
    #expect(error?.damage.map { (500..<700).contains($0.index) } == true)
    for width in [44, 188] { remove("tile/0/002.p/\(width)") }
    let again = try Book(storage)
    #expect(again.parts.recovery.hasNoCheckpoint && again.parts.recovery.endIndex < 700)
    #expect(again.tick() == nil)
    let kept = try #require(book.parts.publisher.published).note.encoded
    let outside = #expect(throws: JournalError.self) { try VerifierTests.verify(again, against: [kept]) }
    #expect(outside?.damage?.reason.contains("a checkpoint kept outside has the size 700") == true)
  }

  @Test("and whose segments are gone, too, is damaged at its beginning")
  func emptied() throws {
    for segment in segments { remove(segment.path) }
    let error = #expect(throws: JournalError.self) { try Book(storage) }
    #expect(error?.damage?.index == 0)
  }

  @Test("and in which an entry was altered is damaged there: the tiles tell", arguments: [0, 255, 256, 699])
  func altered(index: Int) throws {
    let segment = try #require(segments.last { $0.firstIndex <= UInt64(index) })
    var pieces = try SegmentForger.pieces(of: segment.path, in: storage)
    let piece = try #require(pieces.lastIndex { $0.firstIndex <= UInt64(index) })
    pieces[piece].entries[index - Int(pieces[piece].firstIndex)].append(7)
    storage.setBytes(
      of: segment.path,
      SegmentForger.bytes(pieces, firstIndex: segment.firstIndex, journal: book.parts.journalID))
    let error = #expect(throws: JournalError.self) { try Book(storage) }
    #expect(error?.damage?.index == UInt64(index) && error?.damage?.file == segment.path)
  }

  @Test(
    "is none the worse for tiles that a crash tore or that are missing", arguments: [nil, 0, 31, 256 * 32] as [Int?])
  func torn(zeros: Int?) throws {
    for path in ["tile/0/000", "tile/0/002.p/188"] {
      if let zeros { storage.setBytes(of: path, [UInt8](repeating: 0, count: zeros)) } else { remove(path) }
    }
    let again = try Book(storage, model: book.model)
    #expect(again.tick() == nil)
    #expect(again.checkpoints.last?.root == book.checkpoints.last?.root)
    #expect(try VerifierTests.verify(again).endIndex == 700)
  }

  @Test("and from which retention has removed entries is refused, for its tree cannot be made anew")
  func pruned() throws {
    try MinimumIndex.write(300, to: storage)
    let error = #expect(throws: JournalError.self) { try Book(storage) }
    #expect(error?.code == .checkpoint && error?.message.contains("put back a copy of it") == true)
    #expect(storage.withDisk { $0.names[Checkpoint.path] } == nil)
  }
}

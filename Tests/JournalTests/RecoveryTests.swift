import Testing

@testable import Journal

/// Torn tails are cut, damage is found and named, and neither is taken for the other.
struct RecoveryTests {
  static let path = SegmentInfo(firstIndex: 0).path

  /// A segment of some batches, of which all but those after `syncedBatches` were durable when the next was written.
  static func book(batches: Int, entriesEach: Int, syncedBatches: Int = .max) throws -> Book {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    for batch in 0..<batches {
      for _ in 0..<entriesEach { book.append(Book.entry(book.model.count + 1), durable: batch < syncedBatches) }
      book.write()
    }
    return book
  }

  static func recover(
    _ storage: SimulatedStorage, checkpointSize: UInt64 = 0, checkFrom: UInt64 = 0
  ) throws(JournalError) -> Recovery.Result {
    try Recovery(storage: storage, checkpointSize: checkpointSize, checkFrom: checkFrom, progress: { _ in }).run()
  }

  /// Where batches begin, and the end.
  static func marks(_ storage: SimulatedStorage) throws -> [BatchMark] {
    let scanner = try SegmentScanner(SegmentInfo(firstIndex: 0), in: storage)
    try scanner.open()
    var marks = [BatchMark(firstIndex: 0, offset: scanner.offset)]
    while try scanner.skip() != nil { marks.append(BatchMark(firstIndex: scanner.nextIndex, offset: scanner.offset)) }
    return marks
  }

  @Test("a tail torn at any length is cut where its batch begins, and nothing else is")
  func everyLength() throws {
    let book = try Self.book(batches: 4, entriesEach: 6)
    let bytes = book.storage.bytes(of: Self.path)
    let marks = try Self.marks(book.storage)
    for length in FileHeader.byteCount..<bytes.count {
      let storage = book.storage.copy()
      storage.setBytes(of: Self.path, Array(bytes[..<length]))
      let result = try Self.recover(storage)
      let whole = try #require(marks.last { $0.offset <= length })
      #expect(result.report.endIndex == whole.firstIndex)
      #expect(result.report.tornBytes == UInt64(length) - whole.offset)
      #expect(storage.bytes(of: Self.path) == Array(bytes[..<Int(whole.offset)]))
    }
  }

  @Test("a tail of which sectors never arrived is cut, whatever else of it did")
  func lostSectors() throws {
    let book = try Self.book(batches: 6, entriesEach: 12, syncedBatches: 3)
    let bytes = book.storage.bytes(of: Self.path)
    let marks = try Self.marks(book.storage)
    let proven = marks[3]
    for sector in Int(proven.offset + 511) / 512..<bytes.count / 512 {
      let storage = book.storage.copy()
      var torn = bytes
      for place in sector * 512..<min(bytes.count, sector * 512 + 512) { torn[place] = 0 }
      storage.setBytes(of: Self.path, torn)
      let cut = try #require(marks.last { $0.offset <= sector * 512 })
      #expect(try Self.recover(storage).report.endIndex == cut.firstIndex, "sector \(sector)")
    }
  }

  @Test("a lost sector among entries that were durable is damage, not a torn tail")
  func lostDurableSector() throws {
    let book = try Self.book(batches: 4, entriesEach: 12)
    var bytes = book.storage.bytes(of: Self.path)
    for place in 512..<1024 { bytes[place] = 0 }
    let damaged = book.storage.copy()
    damaged.setBytes(of: Self.path, bytes)
    let mark = try #require(try Self.marks(book.storage).last { $0.offset <= 512 })
    let error = #expect(throws: JournalError.self) { try Self.recover(damaged) }
    #expect(error?.code == .damaged)
    #expect(error?.damage?.file == Self.path)
    #expect(error?.damage?.offset == mark.offset)
    #expect(error?.damage?.index == mark.firstIndex)
    #expect(damaged.bytes(of: Self.path) == bytes, "nothing is changed")
  }

  @Test("every flipped bit is found and named, in a small segment here and in one of 64 KiB in the campaign")
  func everyBit() throws {
    let book = try Self.book(batches: Campaign.isWhole ? 40 : 4, entriesEach: Campaign.isWhole ? 12 : 3)
    let bytes = book.storage.bytes(of: Self.path)
    let marks = try Self.marks(book.storage)
    let storage = book.storage.copy()
    for bit in Campaign.cases(0..<bytes.count * 8, share: 7) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      storage.setBytes(of: Self.path, flipped)
      let mark = marks.last { $0.offset <= bit / 8 } ?? BatchMark(firstIndex: 0, offset: 0)
      do throws(JournalError) {
        _ = try Self.recover(storage)
        Issue.record("bit \(bit) was not found")
      } catch {
        #expect(error.code == .damaged && error.damage?.index == mark.firstIndex, "bit \(bit): \(error)")
        #expect(error.damage?.offset == mark.offset, "bit \(bit)")
      }
    }
  }

  @Test("a tail that a checkpoint covers is never cut")
  func coveredTail() throws {
    let book = try Self.book(batches: 3, entriesEach: 5)
    #expect(book.tick() == nil)
    let bytes = book.storage.bytes(of: Self.path)
    let marks = try Self.marks(book.storage)
    for length in [bytes.count - 1, Int(marks[2].offset), Int(marks[2].offset) + 9, Int(marks[1].offset)] {
      let storage = book.storage.copy()
      storage.setBytes(of: Self.path, Array(bytes[..<length]))
      let error = #expect(throws: JournalError.self) { try Book(storage) }
      #expect(error?.code == .damaged)
      #expect(error?.damage?.index == (length < marks[2].offset ? 5 : 10))
    }
  }

  @Test("a batch hidden in an entry is not taken for one of the log's")
  func hiddenBatch() throws {
    let foreign = JournalID(low: 1, high: 2)
    let hidden = SegmentForger.bytes(
      [.init(firstIndex: 900, durableIndex: 900, entries: [[1]])], firstIndex: 0, journal: foreign
    ).dropFirst(FileHeader.byteCount)
    let book = try Self.book(batches: 2, entriesEach: 2)
    book.append(Array(hidden) + [UInt8](repeating: 1, count: 50))
    book.write()
    let bytes = book.storage.bytes(of: Self.path)
    let torn = book.storage.copy()
    torn.setBytes(of: Self.path, bytes.dropLast(8))
    #expect(try Self.recover(torn).report.endIndex == 4)
  }

  @Test("missing, foreign, doubled and newer segments are refused and named")
  func segments() throws {
    let book = try Book(SimulatedStorage())
    for _ in 0..<8 {
      for _ in 0..<12 { book.append(Book.entry(book.model.count)) }
      book.write()
    }
    let paths = book.storage.paths(under: "segments/")
    #expect(paths.count >= 3)
    func refused(_ edit: (SimulatedStorage) -> Void) -> JournalError? {
      let storage = book.storage.copy()
      edit(storage)
      return #expect(throws: JournalError.self) { try Self.recover(storage) }
    }
    #expect(refused { $0.withDisk { _ = $0.names.removeValue(forKey: paths[0]) } }?.damage?.index == 0)
    let second = try #require(SegmentInfo(name: String(paths[1].dropFirst(9))))
    #expect(refused { $0.withDisk { _ = $0.names.removeValue(forKey: paths[1]) } }?.damage?.index == second.firstIndex)
    #expect(refused { $0.setBytes(of: paths[1], $0.bytes(of: paths[0])) }?.code == .damaged)
    #expect(refused { $0.setBytes(of: paths[1], []) }?.code == .damaged)
    let foreign = SegmentForger.bytes(
      [], firstIndex: second.firstIndex, journal: JournalID(low: 1, high: 2))
    #expect(refused { $0.setBytes(of: paths[1], foreign) }?.code == .damaged)
    var newer = book.storage.bytes(of: paths[1])
    newer[8] = 2
    let crc = newer[..<60].withUnsafeBytes { CRC32C.checksum($0) }
    newer.withUnsafeMutableBytes { $0.store(crc, at: 60) }
    #expect(refused { $0.setBytes(of: paths[1], newer) }?.code == .unsupported)
  }

  @Test("doubled, dropped and exchanged batches are refused, although each is whole")
  func batches() throws {
    func refused(_ edit: (inout [SegmentForger.Piece]) -> Void) throws -> UInt64? {
      let book = try Self.book(batches: 4, entriesEach: 3)
      try SegmentForger.rewrite(Self.path, in: book, edit)
      let error = #expect(throws: JournalError.self) { try Self.recover(book.storage) }
      return error?.damage?.index
    }
    #expect(try refused { $0.insert($0[1], at: 1) } == 6)
    #expect(try refused { _ = $0.remove(at: 1) } == 3)
    #expect(try refused { $0.swapAt(1, 2) } == 3)
  }

  @Test("segments below a snapshot's index are not read, and those above are")
  func checkFrom() throws {
    let book = try Book(SimulatedStorage())
    for _ in 0..<8 {
      for _ in 0..<12 { book.append(Book.entry(book.model.count)) }
      book.write()
    }
    let paths = book.storage.paths(under: "segments/")
    var bytes = book.storage.bytes(of: paths[0])
    bytes[100] ^= 1
    book.storage.setBytes(of: paths[0], bytes)
    #expect(throws: JournalError.self) { try Self.recover(book.storage, checkFrom: 3) }
    let result = try Self.recover(book.storage, checkFrom: 90)
    #expect(result.report.endIndex == 96)
    #expect(result.report.segmentsChecked < paths.count)
  }

  @Test("an interrupted creation of a segment is cleared away")
  func unfinishedSegment() throws {
    let book = try Self.book(batches: 2, entriesEach: 3)
    for content in [[], [UInt8](repeating: 0, count: 64), Array(book.storage.bytes(of: Self.path)[..<20])] {
      let storage = book.storage.copy()
      storage.setBytes(of: SegmentInfo(firstIndex: 6).path, content)
      let result = try Self.recover(storage)
      #expect(result.report.endIndex == 6)
      #expect(result.segments.count == 1)
    }
  }

  @Test("progress ends at the total")
  func progress() throws {
    let book = try Self.book(batches: 5, entriesEach: 3)
    var last: WalkProgress?
    _ = try Recovery(storage: book.storage, checkpointSize: 0, checkFrom: 0) { last = $0 }.run()
    #expect(last?.bytesDone == last?.bytesTotal)
    #expect(last?.nextIndex == 15)
  }
}

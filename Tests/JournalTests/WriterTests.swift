import Glibc
import Testing

@testable import Journal

/// Group commit: what is acknowledged when, and what happens when the disk is full or broken.
struct WriterTests {
  @Test("every half mebibyte begins its way to the disk, but for the end that is being appended to")
  func writeback() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 8 << 20))
    for _ in 0..<400 {
      book.append([UInt8](repeating: 7, count: 4096))
      book.writer.flush()
      book.writer.drain()
    }
    let begun = book.storage.withDisk { $0.begunWritebacks }
    #expect(begun.count == 3)
    for (number, offset) in begun.enumerated() {
      let due = (UInt64(number + 1) * 512 - 64) << 10
      #expect((due..<due + (16 << 10)).contains(offset), "\(offset)")
    }
  }

  @Test("an entry is written by the next drain and durable only after a sync")
  func levels() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    #expect(book.told.writtenIndex == 0)
    book.write()
    #expect(book.told.writtenIndex == 1)
    #expect(book.told.durableIndex == 0)
    book.append([2], durable: true)
    book.write()
    #expect(book.told.durableIndex == 2)
    #expect(try book.entries() == [[1], [2]])
  }

  @Test("one write and one sync serve all who wait")
  func groupCommit() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    book.append([0], durable: true)
    book.write()
    let before = book.storage.withDisk { $0.kinds.count }
    for number in 0..<100 { book.append(Book.entry(number), durable: true) }
    book.write()
    let kinds = book.storage.withDisk { Array($0.kinds[before...]) }
    #expect(kinds.filter { $0 == .write }.count == 1)
    #expect(kinds.filter { $0 == .sync }.count == 1)
    #expect(book.told.durableIndex == 101)
  }

  @Test("a full buffer is refused at once and takes entries again after a drain")
  func full() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    let entry = [UInt8](repeating: 5, count: 1000)
    var taken = 0
    while case .index = book.append(entry) { taken += 1 }
    #expect(taken == (64 << 10) / 1004)
    #expect(book.append(entry) == .full)
    book.write()
    #expect(book.append(entry) == .index(UInt64(taken)))
    book.write()
    #expect(try book.entries() == book.model)
  }

  @Test("an entry longer than the limit is refused, and the longest that fits is not")
  func tooLarge() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    #expect(book.append([UInt8](repeating: 1, count: (64 << 10) - 3)) == .tooLarge)
    #expect(book.append([UInt8](repeating: 1, count: (64 << 10) - 4)) == .index(0))
    #expect(book.append([]) == .full)
    book.write()
    #expect(book.append([]) == .index(1))
    book.write()
    #expect(try book.entries() == book.model)
  }

  @Test("a failed sync is final: nothing more is taken, acknowledged or synced")
  func failedSync() throws {
    let book = try Book(SimulatedStorage())
    book.append([1], durable: true)
    book.write()
    book.storage.withDisk { disk in disk.faults[disk.calls + 1] = .error(EIO) }
    book.append([2], durable: true)
    book.write()
    #expect(book.told.durableIndex == 1)
    guard case .failed(let error) = book.told.condition else {
      Issue.record("the journal goes on")
      return
    }
    #expect(error.cause?.function == "fdatasync" && error.cause?.number == EIO)
    let calls = book.storage.withDisk { $0.calls }
    #expect(book.append([3], durable: true) == .failed)
    book.write()
    #expect(book.tick() == nil)
    book.writer.close()
    #expect(book.storage.withDisk { $0.calls } == calls, "storage is not touched again")
    #expect(book.writer.durableIndex == 1)
  }

  @Test("a full disk refuses new entries, keeps those that have an index, and recovers by itself")
  func noSpace() throws {
    let book = try Book(SimulatedStorage())
    book.append(Book.entry(1), durable: true)
    book.write()
    #expect(book.tick() == nil)
    let length = book.storage.bytes(of: SegmentInfo(firstIndex: 0).path).count
    book.storage.withDisk { disk in
      disk.capacityBytes = disk.names.values.reduce(0) { $0 + (disk.inodes[$1]?.cached.count ?? 0) } + 100
    }
    for number in 0..<20 { book.append(Book.entry(number), durable: true) }
    book.write()
    #expect(book.told == JournalProgress(writtenIndex: 1, durableIndex: 1, condition: .noSpace))
    #expect(book.append([9]) == .noSpace)
    #expect(book.storage.bytes(of: SegmentInfo(firstIndex: 0).path).count == length, "no half batch stays")
    #expect(try book.entries() == [book.model[0]], "reads go on")
    book.tick()
    #expect(book.told.condition == .noSpace)
    book.storage.withDisk { $0.capacityBytes = .max }
    #expect(book.tick() == nil)
    #expect(book.told == JournalProgress(writtenIndex: 21, durableIndex: 21, condition: .open))
    #expect(book.append([9]) == .index(21))
    book.write()
    #expect(try book.entries() == book.model)
  }

  @Test(
    "a full disk, or want of descriptors, while a segment is begun or tiles are written passes too",
    arguments: [ENOSPC, EMFILE])
  func noSpaceElsewhere(number: Int32) throws {
    let calls = try FaultTests.recordedCalls(seed: 31, rounds: 6)
    for call in Campaign.cases(calls.indices.filter { calls[$0] == .write || calls[$0] == .name }, share: 3) {
      let storage = SimulatedStorage(seed: 31)
      storage.withDisk { $0.faults[call] = .error(number) }
      guard let book = try? Book(storage) else { continue }
      FaultTests.live(book, seed: 31, rounds: 6)
      #expect(book.tick() == nil)
      #expect(book.told.condition == .open, "call \(call)")
      #expect(book.told.durableIndex == UInt64(book.model.count))
      #expect(try book.entries() == book.model)
      #expect(book.checkpoints.last?.size == UInt64(book.model.count))
    }
  }

  @Test("a full segment is closed and the log goes on in the next")
  func rotation() throws {
    let book = try Book(SimulatedStorage())
    for number in 0..<200 {
      book.append(Book.entry(number))
      if number % 10 == 9 { book.write() }
    }
    let paths = book.storage.paths(under: "segments/")
    #expect(paths.count > 5)
    for path in paths { #expect(book.storage.bytes(of: path).count <= 4096) }
    #expect(try book.entries() == book.model)
    for index in [0, 1, 99, 150, 199] { #expect(try book.entries(from: UInt64(index)) == Array(book.model[index...])) }
    let again = try Book(book.storage.copy())
    #expect(try again.entries() == book.model)
  }

  @Test("closing writes and syncs what was taken, and nothing is taken afterwards")
  func close() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    book.writer.close()
    #expect(book.told == JournalProgress(writtenIndex: 1, durableIndex: 1, condition: .closed))
    #expect(book.append([2]) == .failed)
  }

  @Test("a reader follows the writer across segments, in steps of any size")
  func following() throws {
    let book = try Book(SimulatedStorage())
    let cursor = JournalCursor(storage: book.storage, catalog: book.parts.catalog, from: 0)
    var found: [[UInt8]] = []
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<80 {
      for _ in 0..<Int.random(in: 0...9, using: &generator) { book.append(Book.entry(book.model.count)) }
      book.write()
      let limit = UInt64.random(in: 0...book.writer.writtenIndex, using: &generator)
      try cursor.read(below: limit, maximumBytes: Int.random(in: 1...3000, using: &generator)) {
        #expect($0.index == UInt64(found.count))
        #expect($0.timeMilliseconds == 1000)
        found.append(Array($0.bytes))
      }
    }
    try cursor.read(below: book.writer.writtenIndex) { found.append(Array($0.bytes)) }
    #expect(found == book.model)
  }

  @Test("promised room is there when it is needed, whatever others append meanwhile, and what is left goes back")
  func reservation() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    let half = 32 << 10
    #expect(book.writer.reserve(bufferBytes: half) == nil)
    #expect(book.writer.reserve(bufferBytes: half + 1) == .full)
    let entry = [UInt8](repeating: 5, count: 1000)
    while case .index = book.append(entry) {}
    let taken = book.model.count
    #expect(taken == half / 1004)
    let group = [UInt8](repeating: 6, count: 25_000)
    let ends = [10_000, 10_000, 25_000]
    let result = group.withUnsafeBytes { bytes in
      ends.withUnsafeBufferPointer { book.writer.append(bytes, ends: $0, reserved: half, durable: true) }
    }
    #expect(result == .index(UInt64(taken)))
    book.model += [10_000, 0, 15_000].map { [UInt8](repeating: 6, count: $0) }
    #expect(book.append(entry) == .index(UInt64(taken + 3)), "the rest of the promise is room again")
    book.write()
    #expect(try book.entries() == book.model)
    #expect(book.told.durableIndex == UInt64(book.model.count))
  }

  @Test("promises outlive the buffer they were made in")
  func reservationAcrossBuffers() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    book.append([UInt8](repeating: 1, count: 30_000))
    #expect(book.writer.reserve(bufferBytes: 20_000) == nil)
    book.write()
    #expect(book.append([UInt8](repeating: 2, count: 50_000)) == .full)
    book.append([UInt8](repeating: 2, count: 45_000))
    let bytes = [UInt8](repeating: 3, count: 19_996)
    let result = bytes.withUnsafeBytes { bytes in
      [19_996].withUnsafeBufferPointer { book.writer.append(bytes, ends: $0, reserved: 20_000, durable: false) }
    }
    #expect(result == .index(2))
    book.model.append(bytes)
    book.write()
    #expect(try book.entries() == book.model)
  }

  @Test("what was promised before the disk was full is taken and written when space returns; nothing else is")
  func promiseOnFullDisk() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    book.append([1])
    book.write()
    #expect(book.writer.reserve(bufferBytes: 1_000) == nil)
    book.storage.withDisk { disk in
      disk.capacityBytes = disk.names.values.reduce(0) { $0 + (disk.inodes[$1]?.cached.count ?? 0) }
    }
    book.append([2])
    book.write()
    #expect(book.told.condition == .noSpace)
    #expect(book.writer.reserve(bufferBytes: 10) == .noSpace)
    let calls = book.storage.withDisk { $0.calls }
    book.writer.flush()
    #expect(book.storage.withDisk { $0.calls } == calls, "a flush does not try again")
    let bytes = [UInt8](repeating: 3, count: 500)
    let result = bytes.withUnsafeBytes { bytes in
      [500].withUnsafeBufferPointer { book.writer.append(bytes, ends: $0, reserved: 1_000, durable: false) }
    }
    #expect(result == .index(2))
    book.model.append(bytes)
    book.storage.withDisk { $0.capacityBytes = .max }
    #expect(book.tick() == nil)
    #expect(book.told == JournalProgress(writtenIndex: 3, durableIndex: 3, condition: .open))
    #expect(try book.entries() == book.model)
  }

  @Test("whoever wants more of an entry than it was appended for gets it without a tick")
  func laterWish() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    book.append([2])
    book.writer.flush()
    book.writer.drain()
    #expect(book.told.durableIndex == 0)
    book.writer.want(durableBelow: 1)
    book.writer.drain()
    #expect(book.told.durableIndex == 2, "one sync is for all that is written")
    let calls = book.storage.withDisk { $0.calls }
    book.writer.want(durableBelow: 9)
    book.writer.drain()
    #expect(book.storage.withDisk { $0.calls } == calls, "what is not there yet is not waited for")
  }

  @Test("settling writes and syncs on the calling thread")
  func settle() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    book.writer.settle()
    #expect(book.told.durableIndex == 1)
  }

  @Test("a flush writes on the calling thread, without the writer's")
  func flush() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    book.writer.flush()
    #expect(book.told.writtenIndex == 1 && book.told.durableIndex == 0)
    book.append([2], durable: true)
    book.writer.flush()
    #expect(
      book.told.writtenIndex == 2 && book.told.durableIndex == 0, "whoever waits for durability waits for the writer")
    book.writer.drain()
    #expect(book.told.durableIndex == 2)
    #expect(try book.entries() == [[1], [2]])
  }
}

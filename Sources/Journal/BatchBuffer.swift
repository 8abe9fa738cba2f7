/// One batch in the making: room for the header, then the payload as it will lie in the file.
/// Sendable although it holds a pointer: the memory is this value's alone, and the value cannot be copied.
struct BatchBuffer: ~Copyable, @unchecked Sendable {
  private let storage: UnsafeMutableRawBufferPointer
  /// Header and payload so far.
  private(set) var byteCount = BatchHeader.byteCount
  private(set) var count: UInt32 = 0
  var firstIndex: UInt64 = 0

  /// Allocates `payloadBytes` and the header; the kernel gives memory only for what is touched.
  init(payloadBytes: Int) {
    storage = .allocate(byteCount: BatchHeader.byteCount + payloadBytes, alignment: 4096)
  }

  deinit { storage.deallocate() }

  var endIndex: UInt64 { firstIndex + UInt64(count) }

  /// What an entry takes beyond its own bytes.
  static let entryHeaderBytes = 4

  /// How many bytes of entries and their headers still fit.
  var room: Int { storage.count - byteCount }

  /// Adds one entry made of three pieces; false if there is no room.
  mutating func append(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, _ c: UnsafeRawBufferPointer) -> Bool {
    let length = a.count + b.count + c.count
    guard length + Self.entryHeaderBytes <= room else { return false }
    storage.store(UInt32(truncatingIfNeeded: length), at: byteCount)
    byteCount += Self.entryHeaderBytes
    copy(a)
    copy(b)
    copy(c)
    count += 1
    return true
  }

  private mutating func copy(_ piece: UnsafeRawBufferPointer) {
    guard let from = piece.baseAddress, let base = storage.baseAddress else { return }
    (base + byteCount).copyMemory(from: from, byteCount: piece.count)
    byteCount += piece.count
  }

  /// Completes the header; afterwards `bytes` is the batch as it goes to the file.
  mutating func seal(timeMilliseconds: Int64, durableIndex: UInt64, seed: CRC32C) {
    let payload = UnsafeRawBufferPointer(rebasing: storage[BatchHeader.byteCount..<byteCount])
    let header = BatchHeader(
      payloadBytes: payload.count, count: count, firstIndex: firstIndex, timeMilliseconds: timeMilliseconds,
      durableIndex: durableIndex, payloadCRC: CRC32C.checksum(payload))
    header.encode(into: storage, seed: seed)
  }

  /// The sealed batch; valid until the buffer changes.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<byteCount]) }

  mutating func clear(firstIndex: UInt64) {
    self.firstIndex = firstIndex
    byteCount = BatchHeader.byteCount
    count = 0
  }
}

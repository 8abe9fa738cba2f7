import Engine
import Journal

/// The engine's book, kept in the journal.
final class JournalBook: Book {
  let writer: JournalWriter
  let reservationBytes: Int

  /// - Parameter ioQueues: how many should find room at once; as much again may wait to be written.
  init(_ writer: JournalWriter, ioQueues: Int) {
    self.writer = writer
    reservationBytes = writer.bufferBytes / (2 * max(1, ioQueues))
  }

  func reserve(count: Int, byteCount: Int) throws(BookRefusal) {
    let bytes = JournalWriter.bufferBytes(count: count, byteCount: byteCount)
    if let refusal = writer.reserve(bufferBytes: bytes) { throw BookRefusal(refusal) }
  }

  func append(
    _ bytes: UnsafeRawBufferPointer, ends: UnsafeBufferPointer<Int>, reservedCount: Int, reservedBytes: Int,
    durable: Bool
  ) throws(BookRefusal) -> UInt64 {
    let reserved = JournalWriter.bufferBytes(count: reservedCount, byteCount: reservedBytes)
    let result = writer.append(bytes, ends: ends, reserved: reserved, durable: durable)
    guard case .index(let first) = result else { throw BookRefusal(result) }
    return first
  }
}

extension BookRefusal {
  init(_ result: AppendResult) {
    switch result {
    case .index, .full: self = .overloaded
    case .tooLarge: self = .tooLarge
    case .noSpace: self = .noSpace
    case .failed: self = .failed
    }
  }
}

import Engine
import Journal

/// The engine's book, kept in the journal.
final class JournalBook: Book {
  let writer: JournalWriter

  init(_ writer: JournalWriter) { self.writer = writer }

  /// As many I/O queues as there are by default find room at once, and as much again may wait to be written.
  var reservationBytes: Int { writer.bufferBytes / 8 }

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

@testable import Journal

/// Rewrites a segment as somebody would who knows the format: every length and checksum is right again.
enum SegmentForger {
  struct Piece {
    var firstIndex: UInt64
    var durableIndex: UInt64
    var entries: [[UInt8]]
  }

  static func pieces(of path: String, in storage: SimulatedStorage) throws -> [Piece] {
    guard let segment = SegmentInfo(name: String(path.dropFirst(SegmentCatalog.directory.count + 1))) else { return [] }
    let scanner = try SegmentScanner(segment, in: storage)
    try scanner.open()
    var pieces: [Piece] = []
    while let batch = try scanner.next() {
      var piece = Piece(firstIndex: batch.header.firstIndex, durableIndex: batch.header.durableIndex, entries: [])
      batch.forEach(from: 0, to: .max) { piece.entries.append(Array($0.bytes)) }
      pieces.append(piece)
    }
    return pieces
  }

  static func bytes(_ pieces: [Piece], firstIndex: UInt64, journal: JournalID) -> [UInt8] {
    var bytes = SegmentHeader(firstIndex: firstIndex, createdMilliseconds: 1000, journal: journal).encoded()
    for piece in pieces {
      var buffer = BatchBuffer(payloadBytes: 1 << 20)
      buffer.clear(firstIndex: piece.firstIndex)
      for entry in piece.entries {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        _ = entry.withUnsafeBytes { buffer.append($0, none, none) }
      }
      buffer.seal(timeMilliseconds: 1000, durableIndex: piece.durableIndex, seed: journal.seed)
      bytes += Array(buffer.bytes)
    }
    return bytes
  }

  /// Replaces one segment's batches.
  static func rewrite(_ path: String, in book: Book, _ edit: (inout [Piece]) -> Void) throws {
    var pieces = try pieces(of: path, in: book.storage)
    let first = pieces.first?.firstIndex ?? 0
    edit(&pieces)
    book.storage.setBytes(of: path, bytes(pieces, firstIndex: first, journal: book.parts.journalID))
  }
}

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

  /// Alters the entries, or where they stand, in one of the ways that somebody might.
  static func alter(_ pieces: inout [Piece], _ generator: inout SeededGenerator) {
    let place = Int.random(in: pieces.indices, using: &generator)
    let entry = Int.random(in: pieces[place].entries.indices, using: &generator)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: pieces[place].entries[entry].append(UInt8.random(in: .min ... .max, using: &generator))
    case 1: pieces[place].entries[entry] = generator.bytes(Int.random(in: 0...40, using: &generator))
    case 2 where pieces[place].entries.count > 1: pieces[place].entries.remove(at: entry)
    case 3: pieces[place].entries.insert(generator.bytes(5), at: entry)
    default: pieces[place].entries.swapAt(entry, 0)
    }
    // So that every batch still begins where the one before it ends.
    for next in pieces.indices.dropFirst() {
      pieces[next].firstIndex = pieces[next - 1].firstIndex + UInt64(pieces[next - 1].entries.count)
    }
  }

  /// Replaces one segment's batches.
  static func rewrite(_ path: String, in book: Book, _ edit: (inout [Piece]) -> Void) throws {
    var pieces = try pieces(of: path, in: book.storage)
    let first = pieces.first?.firstIndex ?? 0
    edit(&pieces)
    book.storage.setBytes(of: path, bytes(pieces, firstIndex: first, journal: book.parts.journalID))
  }
}

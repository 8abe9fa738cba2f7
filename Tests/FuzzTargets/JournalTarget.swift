@testable import Journal

/// Bytes as a segment whose checksums somebody has made right, as a note, a receipt, a witness's request: what is taken is
/// whole and is written back as it was.
struct JournalTarget: FuzzTarget {
  static let name = "journal"

  private let key: NoteVerifier

  init() {
    guard let key = try? Self.signer().verifier else { refute("there is no key") }
    self.key = key
  }

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard let kind = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch kind % 4 {
    case 0: scan(Self.mended(rest))
    case 1: note(rest)
    case 2: receipt(rest)
    default: request(rest)
    }
  }

  private func scan(_ bytes: [UInt8]) {
    let scanner = SegmentScanner(SegmentInfo(firstIndex: 0), file: MemoryFile(bytes: bytes))
    var entryBytes = 0
    do throws(BatchFault) {
      try scanner.open()
      while true {
        let (offset, index) = (scanner.offset, scanner.nextIndex)
        guard let batch = try scanner.next() else { break }
        var next = index
        batch.forEach(from: 0, to: .max) { entry in
          require(entry.index == next, "an index is left out")
          next += 1
          entryBytes += entry.bytes.count
          _ = MerkleTree.leaf(entry.bytes)
        }
        require(next == scanner.nextIndex && scanner.offset > offset, "the scanner does not move on")
      }
      require(scanner.offset == UInt64(bytes.count), "bytes after the last batch are passed over")
    } catch {
      require(scanner.offset <= UInt64(bytes.count), "a fault lies beyond the file")
    }
    require(entryBytes <= bytes.count, "entries hold more than the file")
  }

  private func note(_ bytes: [UInt8]) {
    guard let note = try? SignedNote(parsing: bytes) else { return }
    require(note.encoded == bytes, "a note is not written back as it was read")
    require((try? key.verify(note)) != true || note.text == Self.text, "a forged note is accepted")
    guard let checkpoint = try? Checkpoint(text: note.text) else { return }
    require(note.text.hasPrefix(checkpoint.text), "a checkpoint is not written back as it was read")
  }

  private func receipt(_ bytes: [UInt8]) {
    guard let receipt = try? LogProof(parsing: bytes) else { return }
    require(receipt.encoded == bytes, "a receipt is not written back as it was read")
    let isShown = (try? receipt.verify(entry: [1], origin: key.name, keys: [key])) != nil
    require(!isShown, "an entry is shown that is not in the tree")
  }

  private func request(_ bytes: [UInt8]) {
    guard let request = try? AddCheckpointRequest(parsing: bytes) else { return }
    require(request.encoded == bytes, "a request is not written back as it was read")
  }

  /// The bytes with the checksums that they should have, so that what lies behind them is reached.
  private static func mended(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes.withUnsafeMutableBytes { bytes in
      guard bytes.count >= SegmentHeader.byteCount else { return }
      seal(bytes, headerBytes: Int(UnsafeRawBufferPointer(bytes).integer(at: 10, as: UInt16.self)), CRC32C())
      let journal = JournalID(
        low: UnsafeRawBufferPointer(bytes).integer(at: 32), high: UnsafeRawBufferPointer(bytes).integer(at: 40))
      var offset = Int(UnsafeRawBufferPointer(bytes).integer(at: 10, as: UInt16.self))
      while offset + BatchHeader.byteCount <= bytes.count {
        let batch = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
        let header = Int(UnsafeRawBufferPointer(batch).integer(at: 4, as: UInt16.self))
        let payload = Int(UnsafeRawBufferPointer(batch).integer(at: 8, as: UInt32.self))
        guard header >= BatchHeader.byteCount, header + payload <= batch.count else { break }
        batch.store(CRC32C.checksum(UnsafeRawBufferPointer(rebasing: batch[header..<header + payload])), at: 40)
        seal(batch, headerBytes: header, journal.seed)
        offset += header + payload
      }
    }
    return bytes
  }

  private static func seal(_ bytes: UnsafeMutableRawBufferPointer, headerBytes: Int, _ seed: CRC32C) {
    guard headerBytes >= 4, headerBytes <= bytes.count else { return }
    var crc = seed
    crc.update(UnsafeRawBufferPointer(rebasing: bytes[..<(headerBytes - 4)]))
    bytes.store(crc.value, at: headerBytes - 4)
  }

  private static func signer() throws -> NoteSigner {
    try NoteSigner(name: "example.com/log", seed: [UInt8](repeating: 1, count: 32))
  }

  /// The only text that is ever signed: of a tree of one entry.
  private static let text = Checkpoint(origin: "example.com/log", size: 1, root: MerkleTree.leaf([0])).text

  static func seeds() -> [[UInt8]] {
    guard let signature = try? signer().sign(text) else { refute("a seed cannot be signed") }
    let note = SignedNote(text: text, signatures: [signature]).encoded
    let hashes = [MerkleTree.leaf([2]), MerkleTree.leaf([3])]
    return [
      [0] + segment(), [1] + note, [2] + LogProof(index: 0, hashes: [], note: note).encoded,
      [2] + LogProof(index: 7, extra: [1, 2], hashes: hashes, note: note).encoded,
      [3] + AddCheckpointRequest(oldSize: 0, proof: [], note: note).encoded,
      [3] + AddCheckpointRequest(oldSize: 3, proof: hashes, note: note).encoded,
    ]
  }

  private static func segment() -> [UInt8] {
    let journal = JournalID(low: 1, high: 2)
    var bytes = SegmentHeader(firstIndex: 0, createdMilliseconds: 3, journal: journal).encoded()
    for batch in 0..<3 {
      var buffer = BatchBuffer(payloadBytes: 4096)
      buffer.clear(firstIndex: UInt64(batch * 2))
      let none = UnsafeRawBufferPointer(start: nil, count: 0)
      for length in [batch, 40] {
        _ = [UInt8](repeating: 7, count: length).withUnsafeBytes { buffer.append($0, none, none) }
      }
      buffer.seal(timeMilliseconds: 4, durableIndex: 0, seed: journal.seed)
      bytes += Array(buffer.bytes)
    }
    return bytes
  }
}

/// A file that is only read.
private struct MemoryFile: StorageFile {
  let bytes: [UInt8]

  func size() -> UInt64 { UInt64(bytes.count) }

  func permissions() -> UInt16 { 0o600 }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int {
    guard offset < bytes.count else { return 0 }
    let part = bytes[Int(offset)...].prefix(buffer.count)
    buffer.copyBytes(from: part)
    return part.count
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) { refute("a reader writes") }

  func truncate(to size: UInt64) { refute("a reader cuts") }

  func sync() { refute("a reader syncs") }

  func beginWriteback(below offset: UInt64) { refute("a reader begins to write back") }
}

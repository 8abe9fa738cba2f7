/// What a table has given up in bytes, for snapshots, so that readings stay marked. Numbers are little-endian.
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 4 | the number of marks, a power of two, UInt32 |
/// | 4 | 12 each | marks that are set: number UInt32, newest time of a key that had to go Int64 |
extension WindowTable {
  static let lossHeaderBytes = 4
  static let lossBytes = 12

  /// Appends the marks that are set among `limit` of them, from number `first` on; nothing if no key ever had to go.
  /// - Returns: the number to go on with; nil if there are no more.
  public func exportLosses(from first: Int, limit: Int, to bytes: inout [UInt8]) -> Int? {
    guard let ledger, first < ledger.count else { return nil }
    append(UInt32(ledger.count), to: &bytes)
    let end = min(first + limit, ledger.count)
    for number in first..<end where ledger.time(ofMark: number) >= 0 {
      append(UInt32(number), to: &bytes)
      append(UInt64(bitPattern: ledger.time(ofMark: number)), to: &bytes)
    }
    return end < ledger.count ? end : nil
  }

  /// Takes over what `exportLosses` wrote, of a table of the same keys or of some of them.
  /// - Throws: `WindowImportError` with the offset of the first byte that cannot be right.
  public func importLosses(_ bytes: UnsafeRawBufferPointer) throws(WindowImportError) {
    if bytes.isEmpty { return }
    guard bytes.count >= Self.lossHeaderBytes, (bytes.count - Self.lossHeaderBytes) % Self.lossBytes == 0 else {
      throw WindowImportError(.truncated, offset: 0)
    }
    let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)))
    guard count.nonzeroBitCount == 1, count <= EvictionLedger.mostMarks else {
      throw WindowImportError(.badCount, offset: 0)
    }
    for offset in Swift.stride(from: Self.lossHeaderBytes, to: bytes.count, by: Self.lossBytes) {
      let number = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      let time = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: Int64.self))
      guard number < count else { throw WindowImportError(.badCount, offset: offset) }
      guard (0...WindowEvent.latestTime).contains(time) else { throw WindowImportError(.badTime, offset: offset + 4) }
      openLedger(count: count).add(mark: number, of: count, time: time)
    }
  }

  private func append(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

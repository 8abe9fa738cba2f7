/// The file that says where the log begins since retention removed what was before; Protocol/journal.md, "Retention".
enum MinimumIndex {
  static let path = "minimum-index"
  private static let title = "gatehouse minimum-index 1\n"

  /// The first index there must be; 0 if nothing was ever removed.
  static func read(from storage: any Storage) throws(JournalError) -> UInt64 {
    guard let bytes = try storing({ () throws(StorageError) in try storage.contents(of: path) }) else { return 0 }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    if lines.count > 1, let index = UInt64(lines[1]), bytes == encode(index) { return index }
    throw JournalError(JournalDamage(file: path, offset: 0, index: 0, reason: "not what was written"))
  }

  static func write(_ index: UInt64, to storage: any Storage) throws(StorageError) {
    try storage.replace(path, with: encode(index))
  }

  private static func encode(_ index: UInt64) -> [UInt8] {
    let text = Array("\(title)\(index)\n".utf8)
    let crc = String(text.withUnsafeBytes { CRC32C.checksum($0) }, radix: 16)
    return text + Array((String(repeating: "0", count: 8 - crc.utf8.count) + crc + "\n").utf8)
  }
}

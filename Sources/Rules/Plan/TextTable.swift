/// Byte strings and what they stand for, looked up in constant time without an allocation: open addressing with linear
/// probing, at most half full.
struct TextTable {
  struct Entry: BitwiseCopyable {
    var hash: UInt64
    var offset: Int32
    var length: Int32
    /// −1 in an empty place.
    var value: Int32
  }

  private let entries: FixedBuffer<Entry>
  private let bytes: FixedBuffer<UInt8>

  /// Gives each of `texts` its index; of equal texts the first counts.
  init(_ texts: [[UInt8]]) {
    var capacity = 4
    while capacity < texts.count * 2 { capacity *= 2 }
    var table = Array(repeating: Entry(hash: 0, offset: 0, length: 0, value: -1), count: capacity)
    var pool: [UInt8] = []
    for (index, text) in texts.enumerated() {
      let hash = text.withUnsafeBytes { ByteHash.hash($0) }
      var place = Int(truncatingIfNeeded: hash) & (capacity - 1)
      while table[place].value >= 0 { place = (place + 1) & (capacity - 1) }
      table[place] = Entry(hash: hash, offset: Int32(pool.count), length: Int32(text.count), value: Int32(index))
      pool += text
    }
    (entries, bytes) = (FixedBuffer(table), FixedBuffer(pool))
  }

  /// The index of `text`, or −1.
  func find(_ text: UnsafeRawBufferPointer) -> Int32 {
    let hash = ByteHash.hash(text)
    var place = Int(truncatingIfNeeded: hash) & (entries.count &- 1)
    while true {
      let entry = entries[place]
      if entry.value < 0 { return -1 }
      if entry.hash == hash, entry.length == text.count, equal(text, entry) { return entry.value }
      place = (place &+ 1) & (entries.count &- 1)
    }
  }

  private func equal(_ text: UnsafeRawBufferPointer, _ entry: Entry) -> Bool {
    UnsafeRawBufferPointer(start: bytes.pointer + Int(entry.offset), count: text.count).hasSameBytes(as: text)
  }

  func deallocate() {
    entries.deallocate()
    bytes.deallocate()
  }
}

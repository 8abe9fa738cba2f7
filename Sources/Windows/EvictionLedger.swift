/// Remembers which keys gave way to others for want of room, so that a key that comes back can say that its window may lack
/// events.
///
/// A fixed number of marks, found by hash: each has the newest time that any of its keys had when it was evicted. So it
/// may name a key that was never evicted but shares a mark with one that was, and never misses one that was.
final class EvictionLedger {
  /// One mark for so many keys that the table holds.
  static let keysPerMark = 16
  static let fewestMarks = 1_024
  /// 8 MiB of marks.
  static let mostMarks = 1 << 20

  private let marks: UnsafeMutablePointer<Int64>
  private let mask: Int

  /// - Parameter keys: how many the table holds.
  convenience init(keys: Int) {
    let wanted = min(max(keys / Self.keysPerMark, Self.fewestMarks), Self.mostMarks)
    self.init(count: 1 << (Int.bitWidth - (wanted - 1).leadingZeroBitCount))
  }

  /// - Parameter count: of marks, a power of two.
  init(count: Int) {
    mask = count - 1
    marks = .allocate(capacity: count)
    marks.initialize(repeating: -1, count: count)
  }

  deinit { marks.deallocate() }

  /// How many marks there are.
  var count: Int { mask + 1 }

  /// −1 where the mark is not set.
  func time(ofMark number: Int) -> Int64 { marks[number] }

  /// Takes over one mark of another that has `count` of them, be they more or fewer.
  func add(mark number: Int, of count: Int, time: Int64) {
    for index in stride(from: number & mask, through: mask, by: count) { marks[index] = max(marks[index], time) }
  }

  var bytes: Int { allocatedBytes((mask + 1) * MemoryLayout<Int64>.stride) }

  /// The newest time that the key may have had when it was evicted; −1 when it never was.
  @inline(__always)
  func newest(of key: Hash128) -> Int64 { marks[Int(truncatingIfNeeded: key.low) & mask] }

  func note(_ key: Hash128, newest: Int64) {
    let mark = marks + (Int(truncatingIfNeeded: key.low) & mask)
    mark.pointee = max(mark.pointee, newest)
  }

  /// Takes over another's marks, be they more or fewer.
  func add(_ other: EvictionLedger) {
    for index in 0...max(mask, other.mask) {
      let mark = marks + (index & mask)
      mark.pointee = max(mark.pointee, other.marks[index & other.mask])
    }
  }
}

/// The events of one key in time order, in the slot while they are few and in a block of their own from then on.
///
/// An entry is its time, followed (`stride` 2) by a word whose meaning is the cell's. Words are Int64, native order.
///
/// In the slot, four words:
/// ```
/// few:    up to 4 / stride entries, oldest first; the time of an unused entry is −1
/// many:   −2 · address of the block · newest time · head << 32 | count
/// ```
/// The block: four words of header (entries it has room for · `lost` · `base` · `largest`), then the entries, of which
/// those from `head` on are alive. Appending is O(1) amortised: the array slides to the block's start when it has reached
/// the end with a quarter of the block free before it, and else the block doubles, up to half as much again as `limit`.
/// Finding a time is a binary search; an event that is late by n events moves n entries.
struct EventSeries {
  static let slotWords = 4
  static let headerWords = 4
  static let blockMark: Int64 = -2

  let cell: UnsafeMutablePointer<Int64>
  let stride: Int
  /// The most entries it may hold.
  let limit: Int
  var entries: UnsafeMutablePointer<Int64>
  var count: Int

  @inline(__always)
  init(cell: UnsafeMutablePointer<Int64>, stride: Int, limit: Int) {
    self.cell = cell
    self.stride = stride
    self.limit = limit
    if cell[0] == Self.blockMark {
      let block = Self.block(of: cell)
      entries = block + Self.headerWords + Int(cell[3] &>> 32) &* stride
      count = Int(cell[3] & 0xFFFF_FFFF)
    } else {
      entries = cell
      count = 0
      while count &* stride < Self.slotWords && cell[count &* stride] >= 0 { count &+= 1 }
    }
  }

  @inline(__always)
  func time(_ index: Int) -> Int64 { entries[index &* stride] }

  @inline(__always)
  func word(_ index: Int) -> Int64 { entries[index &* stride &+ 1] }

  func add(_ value: Int64, toWord index: Int) { entries[index &* stride &+ 1] &+= value }

  /// The index of the first entry later than `edge`; `count` if there is none.
  @inline(__always)
  func firstIndex(after edge: Int64) -> Int {
    guard count > 0 && time(count &- 1) > edge else { return count }
    var first = 0
    var length = count &- 1
    while length > 0 {
      let half = length &>> 1
      let isEarlier = time(first &+ half) <= edge
      first = isEarlier ? first &+ half &+ 1 : first
      length = isEarlier ? length &- half &- 1 : half
    }
    return first
  }

  var newest: Int64 { Self.newest(of: cell, stride: stride) }

  /// The newest time in a cell, without a look at its block.
  @inline(__always)
  static func newest(of cell: UnsafeMutablePointer<Int64>, stride: Int) -> Int64 {
    guard cell[0] != blockMark else { return cell[2] }
    var newest = cell[0]
    var offset = stride
    while offset < slotWords && cell[offset] >= 0 {
      newest = cell[offset]
      offset &+= stride
    }
    return newest
  }

  mutating func remove(_ range: Range<Int>) {
    let moved = (count - range.upperBound) * stride
    (entries + range.lowerBound * stride).update(from: entries + range.upperBound * stride, count: moved)
    count -= range.count
    if isInSlot {
      for index in count..<count + range.count { entries[index * stride] = -1 }
    } else {
      note()
    }
  }

  /// Drops the oldest entries. In a block, `base` becomes the word of the last one dropped.
  mutating func dropFirst(_ dropped: Int) {
    guard dropped > 0 else { return }
    guard !isInSlot else { return remove(0..<dropped) }
    if stride == 2 { base = word(dropped - 1) }
    entries += dropped * stride
    count -= dropped
    note()
  }

  /// Puts an entry before the present entry `index`, which must be its place in time. A full series drops its oldest
  /// entry, be it the new one. Entries up to `edge` are of no use any more. Returns the bytes newly allocated and the
  /// index of the new entry, nil if it was dropped.
  @inline(__always)
  mutating func insert(_ time: Int64, _ word: Int64 = 0, at place: Int, edge: Int64) -> (bytes: Int, index: Int?) {
    var index = place
    var bytes = 0
    if count == limit {
      if isInSlot { bytes = moveToBlock() }
      let oldest = index == 0 ? time : self.time(0)
      if oldest > edge { lost = max(lost, oldest) }
      guard index > 0 else { return (bytes, nil) }
      dropFirst(1)
      index &-= 1
    }
    if isAtEnd {
      let dead = firstIndex(after: edge)
      dropFirst(dead)
      index &-= dead
      if isAtEnd { bytes &+= makeRoom() }
    }
    open(index)
    entries[index &* stride] = time
    if stride == 2 { entries[index &* stride &+ 1] = word }
    note()
    return (bytes, index)
  }

  @inline(__always)
  private mutating func open(_ index: Int) {
    let place = entries + index &* stride
    if index < count { (place + stride).update(from: place, count: (count &- index) &* stride) }
    count &+= 1
  }
}

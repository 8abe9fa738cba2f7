/// Where the entries lie: in the slot, or in a block once they have become many.
extension EventSeries {
  var isInSlot: Bool { cell[0] != Self.blockMark }

  /// The newest time among the entries dropped for lack of room while they were still of use, else −1.
  var lost: Int64 {
    get { isInSlot ? -1 : Self.block(of: cell)[1] }
    nonmutating set { Self.block(of: cell)[1] = newValue }
  }

  /// Notes a loss, which takes a block. Returns the bytes newly allocated.
  mutating func noteLost(_ time: Int64) -> Int {
    let bytes = isInSlot ? moveToBlock() : 0
    lost = max(lost, time)
    return bytes
  }

  /// The word of the entry that stood before the first, 0 if there never was one.
  var base: Int64 {
    get { isInSlot ? 0 : Self.block(of: cell)[2] }
    nonmutating set { Self.block(of: cell)[2] = newValue }
  }

  /// A word of the cell's own, only in a block; 0 in a new one.
  var largest: Int64 {
    get { Self.block(of: cell)[3] }
    nonmutating set { Self.block(of: cell)[3] = newValue }
  }

  /// Returns the cell's block to the allocator, if it has one. Returns the bytes freed.
  func release() -> Int {
    guard !isInSlot else { return 0 }
    let bytes = blockBytes
    Self.block(of: cell).deallocate()
    return bytes
  }

  /// The bytes of the cell's block, 0 if it has none.
  var blockBytes: Int { isInSlot ? 0 : blockBytes(blockCapacity) }

  private func blockBytes(_ capacity: Int) -> Int {
    allocatedBytes((Self.headerWords + capacity * stride) * MemoryLayout<Int64>.size)
  }

  /// The block of a cell that has one: only then does its second word hold an address, so never nil.
  @inline(__always)
  static func block(of cell: UnsafeMutablePointer<Int64>) -> UnsafeMutablePointer<Int64> {
    UnsafeMutablePointer(bitPattern: Int(cell[1])).unsafelyUnwrapped
  }

  private var blockCapacity: Int { Int(Self.block(of: cell)[0]) }

  private var head: Int { (entries - Self.block(of: cell) - Self.headerWords) / stride }

  /// Whether there is no room behind the last entry.
  @inline(__always)
  var isAtEnd: Bool {
    isInSlot
      ? count &* stride == Self.slotWords
      : Int(cell[3] &>> 32) &+ count == blockCapacity
  }

  /// Writes head, count and newest time to the slot.
  @inline(__always)
  func note() {
    guard !isInSlot else { return }
    let offset = entries - Self.block(of: cell) &- Self.headerWords
    cell[2] = count > 0 ? time(count &- 1) : -1
    cell[3] = Int64(stride == 2 ? offset &>> 1 : offset) &<< 32 | Int64(count)
  }

  mutating func makeRoom() -> Int {
    guard !isInSlot else { return moveToBlock() }
    guard head * 4 >= blockCapacity else { return moveToBlock() }
    let start = Self.block(of: cell) + Self.headerWords
    start.update(from: entries, count: count * stride)
    entries = start
    note()
    return 0
  }

  /// Moves everything to a block with room for twice the entries. Returns by how many bytes the memory held has grown.
  mutating func moveToBlock() -> Int {
    let capacity = min(max(Self.slotWords, count * 2), limit + max(limit / 2, 1))
    let block = UnsafeMutablePointer<Int64>.allocate(capacity: Self.headerWords + capacity * stride)
    block[0] = Int64(capacity)
    block[1] = lost
    block[2] = base
    block[3] = isInSlot ? 0 : largest
    let start = block + Self.headerWords
    start.update(from: entries, count: count * stride)
    let freed = release()
    cell[0] = Self.blockMark
    cell[1] = Int64(Int(bitPattern: block))
    entries = start
    note()
    return blockBytes(capacity) - freed
  }
}

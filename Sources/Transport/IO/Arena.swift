/// A fixed block of memory that is filled from the front and emptied at once.
struct Arena: ~Copyable {
  let base: UnsafeMutableRawPointer
  let capacity: Int
  var used = 0

  init(capacity: Int) {
    base = .allocate(byteCount: capacity, alignment: 4096)
    self.capacity = capacity
  }

  deinit { base.deallocate() }

  @inline(__always) var room: Int { capacity - used }
  @inline(__always) var end: UnsafeMutableRawPointer { base + used }
}

/// Bytes that wait: a heap buffer that is appended to at the end, consumed from the front, and freed when empty.
///
/// Owns no memory while empty, so that ten thousand idle connections cost nothing.
struct ByteStore: ~Copyable {
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0

  /// The smallest allocation.
  private static let minCapacityBytes = 512

  init() {}

  deinit { base?.deallocate() }

  @inline(__always) var isEmpty: Bool { head == tail }
  @inline(__always) var count: Int { tail - head }

  /// The bytes, valid until the next mutation.
  var bytes: UnsafeRawBufferPointer {
    guard let base else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: base + head, count: count)
  }

  mutating func append(_ source: UnsafeRawBufferPointer) {
    guard let from = source.baseAddress, !source.isEmpty else { return }
    reserve(source.count).copyMemory(from: from, byteCount: source.count)
    tail += source.count
  }

  mutating func append(_ source: [UInt8]) { source.withUnsafeBytes { append($0) } }

  /// Room for at least `count` bytes at the end; `commit` makes them part of the bytes.
  mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
    if let base, capacity - tail >= count { return base + tail }
    return grow(count)
  }

  /// `count` bytes of the reserved room were written.
  mutating func commit(_ count: Int) { tail += count }

  /// Drops the first `count` bytes.
  mutating func consume(_ count: Int) {
    head += count
    if head == tail { release() }
  }

  /// Drops the first `count` bytes; an empty store keeps its memory for the next.
  mutating func consumeKeepingCapacity(_ count: Int) {
    head += count
    if head == tail { (head, tail) = (0, 0) }
  }

  /// Drops all bytes and frees the memory.
  mutating func release() {
    base?.deallocate()
    base = nil
    (capacity, head, tail) = (0, 0, 0)
  }

  private mutating func grow(_ extra: Int) -> UnsafeMutableRawPointer {
    let needed = max(count + extra, Self.minCapacityBytes)
    // Doubling keeps appends linear; when the front half was consumed, moving alone makes the room.
    let newCapacity = needed <= capacity / 2 ? capacity : max(needed, min(capacity * 2, needed * 2))
    let new = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
    if let base { new.copyMemory(from: base + head, byteCount: count) }
    base?.deallocate()
    (base, capacity, head, tail) = (new, newCapacity, 0, count)
    return new + tail
  }
}

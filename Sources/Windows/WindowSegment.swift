/// A run of a window table's keys: one allocation of slots of equal width, in the order of their keys.
///
/// ```
/// header, one cache line   keys held UInt32 · capacity UInt32 · depth UInt32 · slots UInt32 · unused
/// slots                    key (high, low) and cell each; a vacant slot is all ones
/// ```
/// A segment of depth d holds the keys whose `high` begins with d given bits. The bits after those give a key its home,
/// `home(of:)`, among the first `capacity` slots; it stands there or, if that is taken, further on, with no vacancy in
/// between, and keys stand in ascending order throughout. So a search ends at the first key that is not smaller: nearly
/// always within two or three slots, found or not, and a vacant slot, being the largest key, ends it as well. Nothing
/// wraps: slots behind `capacity` take what overflows, and the last slot of all is always vacant.
///
/// Removal shifts the run behind it back by one, so there are no tombstones; growing, splitting and sweeping copy the
/// slots in order. (Sorted linear probing: Robin Hood hashing, Celis 1986, with the hash itself as the rank.)
struct WindowSegment {
  static let headerBytes = 64
  static let alignment = 64
  static let keyBytes = 16
  /// Room behind the home slots. With up to 0.8 of them taken, fewer than one segment in a thousand needs more.
  static let overflowSlots = 16
  static let smallestCapacity = 16
  /// A segment that is full with this many keys or more splits: 48 KiB of 48-byte slots, copied in about 10 µs.
  static let splitKeys = 768

  let base: UnsafeMutableRawPointer

  init(base: UnsafeMutableRawPointer) { self.base = base }

  var count: Int {
    get { Int(field(0).pointee) }
    nonmutating set { field(0).pointee = UInt32(truncatingIfNeeded: newValue) }
  }
  var capacity: Int { Int(field(1).pointee) }
  var depth: Int { Int(field(2).pointee) }
  /// All slots but the last, which stays vacant.
  var usableSlots: Int { Int(field(3).pointee) - 1 }

  func bytes(stride: Int) -> Int {
    allocatedBytes(Self.headerBytes + (usableSlots + 1) * stride)
  }

  private func field(_ index: Int) -> UnsafeMutablePointer<UInt32> {
    base.assumingMemoryBound(to: UInt32.self) + index
  }

  /// An empty segment for keys with `depth` bits in common.
  init(capacity: Int, overflow: Int, depth: Int, stride: Int) {
    let slots = capacity + overflow + 1
    base = .allocate(byteCount: Self.headerBytes + slots * stride, alignment: Self.alignment)
    base.initializeMemory(as: UInt8.self, repeating: 0xFF, count: Self.headerBytes + slots * stride)
    field(0).pointee = 0
    field(1).pointee = UInt32(truncatingIfNeeded: capacity)
    field(2).pointee = UInt32(truncatingIfNeeded: depth)
    field(3).pointee = UInt32(truncatingIfNeeded: slots)
  }

  /// The home slots for `count` keys: ⅛ more keys fit before the next copy, so a key is copied about six times while the
  /// table doubles.
  static func capacity(for count: Int) -> Int {
    max(smallestCapacity, count * 45 / 32)
  }

  /// Whether 0.8 of the home slots are taken: 48-byte slots then cost a key 65 bytes on average, 70 at most.
  var isFull: Bool { count * 5 >= capacity * 4 }

  @inline(__always)
  func slot(_ index: Int, stride: Int) -> UnsafeMutableRawPointer {
    base + (Self.headerBytes &+ index &* stride)
  }

  @inline(__always)
  static func key(_ slot: UnsafeMutableRawPointer) -> Hash128 {
    Hash128(high: slot.load(as: UInt64.self), low: slot.load(fromByteOffset: 8, as: UInt64.self))
  }

  @inline(__always)
  static func isVacant(_ slot: UnsafeMutableRawPointer) -> Bool {
    slot.load(as: UInt64.self) == .max && slot.load(fromByteOffset: 8, as: UInt64.self) == .max
  }

  @inline(__always)
  static func cell(_ slot: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Int64> {
    (slot + keyBytes).assumingMemoryBound(to: Int64.self)
  }

  @inline(__always)
  static func home(_ high: UInt64, depth: Int, capacity: Int) -> Int {
    Int(truncatingIfNeeded: (high &<< UInt64(depth)).multipliedFullWidth(by: UInt64(capacity)).high)
  }

  func home(of key: Hash128) -> Int { Self.home(key.high, depth: depth, capacity: capacity) }

  func index(of slot: UnsafeMutableRawPointer, stride: Int) -> Int {
    (slot - base - Self.headerBytes) / stride
  }

  /// Makes the slot vacant by shifting those before which the next vacancy stands; false if there is no vacancy left.
  func open(_ slot: UnsafeMutableRawPointer, stride: Int) -> Bool {
    var vacancy = slot
    while !Self.isVacant(vacancy) { vacancy += stride }
    guard index(of: vacancy, stride: stride) < usableSlots else { return false }
    (slot + stride).copyMemory(from: slot, byteCount: vacancy - slot)
    vacate(slot, stride: stride)
    count += 1
    return true
  }

  /// Removes the slot's key: those behind it that are not at home move back by one.
  func close(_ slot: UnsafeMutableRawPointer, stride: Int) {
    var end = slot + stride
    while !Self.isVacant(end) && home(of: Self.key(end)) < index(of: end, stride: stride) { end += stride }
    slot.copyMemory(from: slot + stride, byteCount: end - slot - stride)
    vacate(end - stride, stride: stride)
    count -= 1
  }

  private func vacate(_ slot: UnsafeMutableRawPointer, stride: Int) {
    slot.initializeMemory(as: UInt8.self, repeating: 0xFF, count: stride)
  }

  /// A new segment of the slots for which `isKept`, in order.
  func copy(
    depth: Int, stride: Int, keeping isKept: (UnsafeMutableRawPointer) -> Bool
  ) -> WindowSegment {
    var kept = 0
    forEachSlot(stride: stride) { kept += isKept($0) ? 1 : 0 }
    let capacity = Self.capacity(for: kept)
    let ends = end(depth: depth, capacity: capacity, stride: stride, keeping: isKept)
    let overflow = max(ends - capacity, 0) + Self.overflowSlots
    let copy = WindowSegment(capacity: capacity, overflow: overflow, depth: depth, stride: stride)
    var next = 0
    forEachSlot(stride: stride) { slot in
      guard isKept(slot) else { return }
      next = max(next, copy.home(of: Self.key(slot)))
      copy.slot(next, stride: stride).copyMemory(from: slot, byteCount: stride)
      next += 1
    }
    copy.count = kept
    return copy
  }

  /// How far the kept slots would reach, spread over `capacity` home slots.
  private func end(
    depth: Int, capacity: Int, stride: Int, keeping isKept: (UnsafeMutableRawPointer) -> Bool
  ) -> Int {
    var next = 0
    forEachSlot(stride: stride) { slot in
      guard isKept(slot) else { return }
      next = max(next, Self.home(Self.key(slot).high, depth: depth, capacity: capacity)) + 1
    }
    return next
  }

  /// The taken slots in the order of their keys.
  @inline(__always)
  func forEachSlot(stride: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
    var slot = slot(0, stride: stride)
    let end = self.slot(usableSlots, stride: stride)
    while slot < end {
      if !Self.isVacant(slot) { body(slot) }
      slot += stride
    }
  }
}

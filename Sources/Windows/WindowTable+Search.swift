extension WindowTable {
  /// How many slots a search looks at without a branch; less than the overflow slots of any segment.
  static let countedSlots = 3

  /// The key of all ones marks a vacant slot; a key that hashes to it, one in 2¹²⁸, shares its neighbour's window.
  @inline(__always)
  static func storable(_ key: Hash128) -> Hash128 {
    key.low == .max && key.high == .max ? Hash128(high: .max, low: .max - 1) : key
  }

  @inline(__always)
  func directoryIndex(_ high: UInt64) -> Int {
    Int(truncatingIfNeeded: high &>> UInt64(truncatingIfNeeded: 64 &- directoryDepth))
  }

  @inline(__always)
  func home(of key: Hash128) -> UnsafeMutableRawPointer {
    let entry = directory[directoryIndex(key.high)]
    let home = WindowSegment.home(key.high, depth: Int(entry.depth), capacity: Int(entry.capacity))
    return entry.base + (WindowSegment.headerBytes &+ home &* stride)
  }

  /// Where the key stands or, if it is not there, would stand: the first slot whose key is not smaller.
  ///
  /// Keys ascend, so how many of the first slots are smaller is how far on it is. Counting them takes no branch that
  /// the CPU could guess wrong, which costs more than to look at a slot too many; few keys are further from home.
  @inline(__always)
  func place(of key: Hash128) -> UnsafeMutableRawPointer {
    var slot = home(of: key)
    var smaller = 0
    for index in 0..<Self.countedSlots {
      smaller &+= (slot + index &* stride).load(as: UInt64.self) < key.high ? 1 : 0
    }
    slot += smaller &* stride
    while slot.load(as: UInt64.self) < key.high { slot += stride }
    while slot.load(as: UInt64.self) == key.high && slot.load(fromByteOffset: 8, as: UInt64.self) < key.low {
      slot += stride
    }
    return slot
  }

  func find(_ key: Hash128) -> UnsafeMutableRawPointer? {
    let slot = place(of: key)
    return WindowSegment.key(slot) == key ? slot : nil
  }

  func segment(of key: Hash128) -> WindowSegment {
    WindowSegment(base: directory[directoryIndex(key.high)].base)
  }

  static func entry(_ segment: WindowSegment) -> Entry {
    Entry(
      base: segment.base, capacity: UInt32(truncatingIfNeeded: segment.capacity),
      depth: UInt32(truncatingIfNeeded: segment.depth))
  }

  /// The segments in the order of their keys.
  func forEachSegment(_ body: (WindowSegment) -> Void) {
    var index = 0
    while index < 1 << directoryDepth {
      let segment = WindowSegment(base: directory[index].base)
      index += 1 << (directoryDepth - segment.depth)
      body(segment)
    }
  }
}

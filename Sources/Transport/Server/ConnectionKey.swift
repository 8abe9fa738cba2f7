/// A connection on its I/O queue: a slot, and how often the slot was used before, so that an old key finds nobody.
struct ConnectionKey: Sendable, Hashable {
  let slot: UInt32
  let generation: UInt32

  /// As epoll carries it.
  var rawValue: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

  init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }

  init(rawValue: UInt64) {
    slot = UInt32(truncatingIfNeeded: rawValue)
    generation = UInt32(truncatingIfNeeded: rawValue >> 32)
  }
}

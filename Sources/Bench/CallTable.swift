/// The calls in flight on one connection: when each began and what it was, by its id. Fixed memory, a few loads a call.
///
/// A call's slot is its id's low bits. Ids only rise but may skip, so an id whose slot a slow call still holds is skipped;
/// with twice as many slots as calls in flight a free one is never far.
struct CallTable {
  struct Call: Equatable {
    /// Nanoseconds; 0 when the slot is free, so no call begins at 0.
    var start: UInt64 = 0
    fileprivate var id: UInt32 = 0
    /// Its answer is a decision.
    var isEvaluation = false
  }

  private var slots: [Call]
  private let mask: UInt32
  private var nextID: UInt32 = 1
  /// Calls begun and not ended.
  private(set) var count = 0

  /// A table for up to `capacity` calls at once.
  init(capacity: Int) {
    var size = 2
    while size < 2 * capacity { size *= 2 }
    slots = Array(repeating: Call(), count: size)
    mask = UInt32(size - 1)
  }

  /// Whether ids are left; the last 2²⁰ are not used, so that skipping cannot run over the end.
  var hasIDs: Bool { nextID < UInt32.max - (1 << 20) }

  /// The new call's id. `start` is above 0, fewer calls than `capacity` are in flight, and `hasIDs`.
  mutating func begin(at start: UInt64, isEvaluation: Bool) -> UInt32 {
    while slots[Int(nextID & mask)].start != 0 { nextID &+= 1 }
    let id = nextID
    slots[Int(id & mask)] = Call(start: start, id: id, isEvaluation: isEvaluation)
    nextID &+= 1
    count &+= 1
    return id
  }

  /// The call; nil when none of that id is in flight.
  mutating func end(_ id: UInt32) -> Call? {
    let index = Int(id & mask)
    let call = slots[index]
    guard call.start != 0, call.id == id else { return nil }
    slots[index].start = 0
    count &-= 1
    return call
  }

  /// Ends all calls and tells when each began.
  mutating func endAll(_ body: (UInt64) -> Void) {
    for index in slots.indices where slots[index].start != 0 {
      body(slots[index].start)
      slots[index].start = 0
    }
    count = 0
  }
}

/// Many timers at the cost of a few stores each: a hashed timing wheel.
///
/// Time is cut into ticks of `tickNanoseconds`; a timer hangs in the slot of the tick in which it is due, modulo the
/// number of slots, so setting and cancelling are O(1) whatever the number of timers, and cancelled ones leave nothing
/// behind. A timer is never early and, seen by `expire`, late by at most one tick. Source: G. Varghese, A. Lauck,
/// "Hashed and Hierarchical Timing Wheels", SOSP 1987, scheme 6.
///
/// The nodes live in one array, linked by indices; a freed node is reused with a new generation, so an old `Handle`
/// cannot cancel another's timer.
struct TimingWheel<Element> {
  /// Names one timer.
  struct Handle: Equatable, Sendable {
    fileprivate let index: Int32
    fileprivate let generation: UInt32
  }

  private struct Node {
    var element: Element?
    var tick: Int64
    var generation: UInt32
    var next: Int32
    var previous: Int32
  }

  private static var none: Int32 { -1 }

  let tickNanoseconds: Int64
  private let slotMask: Int64
  private var heads: [Int32]
  private var nodes: [Node] = []
  private var firstFree = TimingWheel.none
  /// Every tick before this one was expired.
  private var currentTick: Int64

  /// Timers set and neither expired nor cancelled.
  private(set) var count = 0

  /// - Parameters:
  ///   - tickNanoseconds: the resolution, 1 or more.
  ///   - slotBits: the wheel has 2^`slotBits` slots; timers further away than one turn cost a look a turn.
  ///   - now: the time at which it starts.
  init(tickNanoseconds: Int64, slotBits: Int, startingAt now: Int64) {
    self.tickNanoseconds = max(tickNanoseconds, 1)
    let slots = 1 << min(max(slotBits, 1), 20)
    slotMask = Int64(slots - 1)
    heads = Array(repeating: TimingWheel.none, count: slots)
    currentTick = now / self.tickNanoseconds
  }

  /// Sets a timer that is due at `time`; one whose tick has passed already is due with the next tick.
  mutating func insert(_ element: Element, at time: Int64) -> Handle {
    // Rounded up, so that it is never early.
    let due = time <= 0 ? 0 : (time - 1) / tickNanoseconds + 1
    let index = takeNode()
    let tick = max(due, currentTick)
    let slot = Int(tick & slotMask)
    let head = heads[slot]
    nodes[Int(index)].element = element
    nodes[Int(index)].tick = tick
    nodes[Int(index)].next = head
    nodes[Int(index)].previous = TimingWheel.none
    if head != TimingWheel.none { nodes[Int(head)].previous = index }
    heads[slot] = index
    count += 1
    return Handle(index: index, generation: nodes[Int(index)].generation)
  }

  /// Cancels a timer and gives back what it held; nil if it has expired or was cancelled.
  @discardableResult
  mutating func remove(_ handle: Handle) -> Element? {
    let index = Int(handle.index)
    guard index < nodes.count, nodes[index].generation == handle.generation else { return nil }
    return unlink(handle.index)
  }

  /// Takes out every timer that is due at `now` and appends what it held to `due`, in no particular order.
  mutating func expire(upTo now: Int64, into due: inout [Element]) {
    let last = now / tickNanoseconds
    guard last >= currentTick else { return }
    let turns = min(last - currentTick, slotMask)
    for tick in (last - turns)...last {
      var index = heads[Int(tick & slotMask)]
      while index != TimingWheel.none {
        let next = nodes[Int(index)].next
        if nodes[Int(index)].tick <= last, let element = unlink(index) { due.append(element) }
        index = next
      }
    }
    currentTick = last + 1
  }

  /// When `expire` should be called next: the earliest tick within one turn that has a timer, or the end of the turn;
  /// nil if there is none at all.
  func nextExpiry() -> Int64? {
    guard count > 0 else { return nil }
    for tick in currentTick...(currentTick + slotMask) where heads[Int(tick & slotMask)] != TimingWheel.none {
      return tick * tickNanoseconds
    }
    return nil
  }

  /// Takes out every timer.
  mutating func removeAll() -> [Element] {
    var all: [Element] = []
    all.reserveCapacity(count)
    for index in nodes.indices where nodes[index].element != nil {
      if let element = unlink(Int32(index)) { all.append(element) }
    }
    return all
  }

  private mutating func takeNode() -> Int32 {
    guard firstFree == TimingWheel.none else {
      let index = firstFree
      firstFree = nodes[Int(index)].next
      return index
    }
    nodes.append(
      Node(element: nil, tick: 0, generation: 0, next: TimingWheel.none, previous: TimingWheel.none))
    return Int32(nodes.count - 1)
  }

  private mutating func unlink(_ index: Int32) -> Element? {
    let node = nodes[Int(index)]
    if node.previous == TimingWheel.none {
      heads[Int(node.tick & slotMask)] = node.next
    } else {
      nodes[Int(node.previous)].next = node.next
    }
    if node.next != TimingWheel.none { nodes[Int(node.next)].previous = node.previous }
    nodes[Int(index)].element = nil
    nodes[Int(index)].generation &+= 1
    nodes[Int(index)].next = firstFree
    firstFree = index
    count -= 1
    return node.element
  }
}

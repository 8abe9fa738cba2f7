/// The newest times of one key, all in the slot. The newest is a word; after it, in 32 bits each and rising, stands how
/// many milliseconds before it the others were, all ones where there is none yet. So no span may be as long as what 32
/// bits count, 49 days; an event that falls further behind is past every span, and gone.
struct CountCell: SlotCell {
  /// What fits four words.
  static let greatestCapacity = 7
  static let longestSpan = Int64(UInt32.max) - 1
  private static let none = UInt32.max

  let words: UnsafeMutablePointer<Int64>
  let capacity: Int

  @inline(__always)
  init(words: UnsafeMutablePointer<Int64>, capacity: Int) {
    (self.words, self.capacity) = (words, capacity)
  }

  static func words(forCapacity capacity: Int) -> Int { 1 + capacity / 2 }

  /// Of all events but the newest, how much older they are; `capacity − 1` of them.
  private var ages: UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(words + 1).assumingMemoryBound(to: UInt32.self)
  }

  var newest: Int64 { words[0] }

  var count: Int {
    guard newest >= 0 else { return 0 }
    var held = 1
    while held < capacity && ages[held &- 1] != Self.none { held &+= 1 }
    return held
  }

  func event(at index: Int) -> WindowEvent {
    let place = count - 1 - index
    return WindowEvent(time: place == 0 ? newest : newest - Int64(ages[place - 1]), value: 0)
  }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    var covered = 0
    if newest > edge {
      let reach = UInt32(truncatingIfNeeded: newest &- edge)  // no more than a span
      covered = 1
      // Where a rule fires the cell is full of events that count; elsewhere there are few.
      if capacity > 1 && ages[capacity &- 2] < reach { covered = capacity }
      while covered < capacity && ages[covered &- 1] < reach { covered &+= 1 }
    }
    return .count(adding ? covered &+ 1 : covered, capacity: capacity)
  }

  func insert(_ event: WindowEvent, edge: Int64) -> Int {
    guard event.time < newest else {
      insertNewest(event)
      return 0
    }
    let age = UInt32(truncatingIfNeeded: newest &- event.time)  // less than a span
    var place = capacity &- 2
    guard place >= 0, ages[place] > age else { return 0 }
    while place > 0 && ages[place &- 1] > age {
      ages[place] = ages[place &- 1]
      place &-= 1
    }
    ages[place] = age
    return 0
  }

  @inline(__always)
  func insertNewest(_ event: WindowEvent) {
    let step = UInt64(truncatingIfNeeded: event.time &- newest)
    let isFirst = newest < 0
    words[0] = event.time
    if isFirst || capacity == 1 { return }
    var place = capacity &- 2
    while place > 0 {
      ages[place] = UInt32(truncatingIfNeeded: min(UInt64(ages[place &- 1]) &+ step, UInt64(Self.none)))
      place &-= 1
    }
    ages[0] = UInt32(truncatingIfNeeded: min(step, UInt64(Self.none)))
  }
}

extension WindowReading {
  /// A number of events or values, of which a window of `capacity` can tell `capacity` from more no longer.
  @inline(__always)
  static func count(_ covered: Int, capacity: Int) -> WindowReading {
    WindowReading(value: Int64(min(covered, capacity)), flags: covered >= capacity ? .atLeast : [])
  }
}

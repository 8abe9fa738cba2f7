/// The newest times of one key, all in the slot: `capacity` words, newest first, −1 where there is none yet.
struct CountCell: SlotCell {
  let times: UnsafeMutablePointer<Int64>
  let capacity: Int

  var newest: Int64 { times[0] }

  var count: Int {
    var held = 0
    while held < capacity && times[held] >= 0 { held &+= 1 }
    return held
  }

  func event(at index: Int) -> WindowEvent {
    WindowEvent(time: times[count - 1 - index], value: 0)
  }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    var covered = 0
    while covered < capacity && times[covered] > edge { covered &+= 1 }
    return .count(adding ? covered &+ 1 : covered, capacity: capacity)
  }

  @inline(__always)
  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int {
    var place = capacity &- 1
    guard times[place] < event.time else { return 0 }
    while place > 0 && times[place &- 1] < event.time {
      times[place] = times[place &- 1]
      place &-= 1
    }
    times[place] = event.time
    return 0
  }

  @inline(__always)
  mutating func insertNewest(_ event: WindowEvent) {
    var place = capacity &- 1
    while place > 0 {
      times[place] = times[place &- 1]
      place &-= 1
    }
    times[0] = event.time
  }
}

extension WindowReading {
  /// A number of events or values, of which a window of `capacity` can tell `capacity` from more no longer.
  @inline(__always)
  static func count(_ covered: Int, capacity: Int) -> WindowReading {
    WindowReading(value: Int64(min(covered, capacity)), flags: covered >= capacity ? .atLeast : [])
  }
}

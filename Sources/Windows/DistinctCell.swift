/// The values of one key with the newest times, all in the slot: `capacity` times, newest first, −1 where there is none
/// yet, then as many values in the same order. No value stands twice.
struct DistinctCell: SlotCell {
  let times: UnsafeMutablePointer<Int64>
  let capacity: Int

  @inline(__always)
  init(words: UnsafeMutablePointer<Int64>, capacity: Int) {
    (times, self.capacity) = (words, capacity)
  }

  var values: UnsafeMutablePointer<Int64> { times + capacity }
  var newest: Int64 { times[0] }

  var count: Int {
    var held = 0
    while held < capacity && times[held] >= 0 { held &+= 1 }
    return held
  }

  func event(at index: Int) -> WindowEvent {
    let place = count - 1 - index
    return WindowEvent(time: times[place], value: values[place])
  }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    var covered = 0
    var isKnown = false
    while covered < capacity && times[covered] > edge {
      if values[covered] == event.value { isKnown = true }
      covered &+= 1
    }
    return .count(covered &+ (adding && !isKnown ? 1 : 0), capacity: capacity)
  }

  @inline(__always)
  func insert(_ event: WindowEvent, edge: Int64) -> Int {
    var place = 0
    while place < capacity &- 1 && (values[place] != event.value || times[place] < 0) { place &+= 1 }
    guard times[place] < event.time else { return 0 }
    while place > 0 && times[place &- 1] <= event.time {
      times[place] = times[place &- 1]
      values[place] = values[place &- 1]
      place &-= 1
    }
    times[place] = event.time
    values[place] = event.value
    return 0
  }

  /// The value's own place, or the last, comes free for the others to move on by one.
  @inline(__always)
  func insertNewest(_ event: WindowEvent) {
    var place = 0
    while place < capacity &- 1 && (values[place] != event.value || times[place] < 0) { place &+= 1 }
    guard times[place] < event.time else { return }
    while place > 0 {
      times[place] = times[place &- 1]
      values[place] = values[place &- 1]
      place &-= 1
    }
    times[0] = event.time
    values[0] = event.value
  }
}

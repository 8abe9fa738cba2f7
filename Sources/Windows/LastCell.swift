/// The newest event of one key: its time and its value. Among events of the same time the one recorded last is the
/// newest. Nothing older can ever be asked for, since a key's clock is its newest time.
struct LastCell: WindowCell {
  let words: UnsafeMutablePointer<Int64>

  var newest: Int64 { words[0] }
  var count: Int { words[0] >= 0 ? 1 : 0 }

  func event(at index: Int) -> WindowEvent {
    WindowEvent(time: words[0], value: words[1])
  }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    WindowReading(value: adding && event.time >= words[0] ? event.value : words[1])
  }

  @inline(__always)
  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int {
    guard event.time >= words[0] else { return 0 }
    words[0] = event.time
    words[1] = event.value
    return 0
  }
}

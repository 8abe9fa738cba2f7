/// A counter as plain as can be: it keeps every event for ever, and every reading looks at all of them.
struct PlainCounter {
  struct Event {
    let time: Int64
    let value: String
  }

  let isDistinct: Bool
  /// The longest window that a rule reads, and how late an event may come.
  let longest: Int64
  let lateness: Int64
  private var events: [String: [Event]] = [:]

  init(isDistinct: Bool = false, longest: Int64, lateness: Int64) {
    (self.isDistinct, self.longest, self.lateness) = (isDistinct, longest, lateness)
  }

  /// T: the later of the event's own time and the newest recorded for the key.
  private func clock(_ key: String, _ event: Event) -> Int64 {
    (events[key] ?? []).map(\.time).reduce(event.time, max)
  }

  /// Whether an event that is not too late for the server is not too late for its key either.
  private func isTimely(_ key: String, _ event: Event) -> Bool {
    let clock = clock(key, event)
    return clock - event.time <= lateness && event.time > clock - longest
  }

  /// What the window (T − span, T] holds, the event included if it counts.
  func value(_ key: String, over span: Int64, _ event: Event, counts: Bool) -> Int64 {
    let clock = clock(key, event)
    let candidates = (events[key] ?? []) + (counts && isTimely(key, event) ? [event] : [])
    let inside = candidates.filter { $0.time > clock - span && $0.time <= clock }
    return Int64(isDistinct ? Set(inside.map(\.value)).count : inside.count)
  }

  mutating func record(_ key: String, _ event: Event) {
    if isTimely(key, event) { events[key, default: []].append(event) }
  }

  /// Whether the key's windows may have been forgotten: see `WindowTable`, "Retention".
  func mayBeForgotten(_ key: String, now: Int64) -> Bool {
    guard let newest = (events[key] ?? []).map(\.time).max() else { return false }
    return newest + longest + lateness < now
  }
}

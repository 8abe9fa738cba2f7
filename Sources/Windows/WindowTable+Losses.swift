/// What a table has had to give up, and how readings tell.
///
/// Room runs out in two ways. Beyond `maximumKeys` a key gives way to another with all of its events; a key of an
/// aggregate that needs every event drops its oldest beyond the shape's capacity. Either is counted, and readings whose
/// span reaches back to what was given up are marked `.incomplete`: the true value may be another.
extension WindowTable {
  /// Marks the readings of a key that may lack events of an earlier stay.
  func markLosses(
    _ key: Hash128, _ cell: UnsafeMutablePointer<Int64>, at time: Int64, spans: UnsafePointer<Int64>, spanCount: Int,
    readings: UnsafeMutablePointer<WindowReading>
  ) {
    let lost = ledger?.newest(of: key) ?? -1
    guard lost >= 0 else { return }
    let clock = max(time, layout.newest(cell))
    for index in 0..<spanCount {
      let edge = clock - min(max(spans[index], 1), limits.longestSpan)
      // What has reached the capacity is no less for what was lost.
      guard lost > edge, !readings[index].flags.contains(.atLeast) else { continue }
      readings[index].flags.insert(.incomplete)
    }
  }

  func noteEviction(of key: Hash128, newest: Int64) {
    evictedKeys += 1
    openLedger().note(key, newest: newest)
  }

  private func openLedger() -> EvictionLedger {
    if let ledger { return ledger }
    let opened = EvictionLedger(keys: count)
    ledger = opened
    return opened
  }

  /// Takes over what another table of the same keys has given up: for the table that takes its place.
  public func inheritLosses(of other: WindowTable) {
    evictedKeys += other.evictedKeys
    droppedEvents += other.droppedEvents
    if let theirs = other.ledger { openLedger().add(theirs) }
  }
}

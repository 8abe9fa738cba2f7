/// What a table has had to give up, and how readings tell.
///
/// Room runs out in two ways. Beyond `maximumKeys` a key gives way to another with all of its events; a key of an
/// aggregate that needs every event drops its oldest beyond the shape's capacity. Either is counted, and readings whose
/// span reaches back to what was given up are marked `.incomplete`: the true value may be another.
extension WindowTable {
  /// Marks the readings of a key that may lack events of an earlier stay.
  func markLosses(
    _ operation: UnsafePointer<WindowOperation>, _ cell: UnsafeMutablePointer<Int64>, _ spans: UnsafePointer<Int64>,
    _ readings: UnsafeMutablePointer<WindowReading>
  ) {
    let lost = ledger?.newest(of: Self.storable(operation.pointee.key)) ?? -1
    guard lost >= 0 else { return }
    let clock = max(WindowEvent(operation).time, layout.newest(cell))
    for index in 0..<Int(operation.pointee.readingCount) {
      let edge = clock - min(max(spans[Int(operation.pointee.firstSpan) + index], 1), limits.longestSpan)
      let reading = readings + Int(operation.pointee.firstReading) + index
      // What has reached the capacity is no less for what was lost.
      guard lost > edge, !reading.pointee.flags.contains(.atLeast) else { continue }
      reading.pointee.flags.insert(.incomplete)
    }
  }

  func noteEviction(of key: Hash128, newest: Int64) {
    evictedKeys += 1
    openLedger().note(key, newest: newest)
  }

  private func openLedger() -> EvictionLedger { openLedger(EvictionLedger(keys: count)) }

  /// The ledger; one of so many marks if there was none.
  func openLedger(count: Int) -> EvictionLedger { openLedger(EvictionLedger(count: count)) }

  private func openLedger(_ fresh: @autoclosure () -> EvictionLedger) -> EvictionLedger {
    if let ledger { return ledger }
    let opened = fresh()
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

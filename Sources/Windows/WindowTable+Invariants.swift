/// What must hold between any two calls, for tests and for doubts: looks at everything, so it costs O(keys).
extension WindowTable {
  /// The first thing found that must not be, nil if all is well.
  public func violatedInvariant() -> String? {
    var violation: String?
    func expect(_ holds: Bool, _ rule: @autoclosure () -> String) {
      if !holds && violation == nil { violation = rule() }
    }
    var keys = 0
    var segments = 0
    var blocks = 0
    var index = 0
    while index < 1 << directoryDepth && violation == nil {
      let segment = WindowSegment(base: directory[index].base)
      expect(segment.depth <= directoryDepth, "a segment is no deeper than the directory")
      let width = 1 << (directoryDepth - min(segment.depth, directoryDepth))
      for entry in index..<index + width {
        expect(directory[entry].base == segment.base, "a segment fills its range of the directory")
        expect(Int(directory[entry].capacity) == segment.capacity, "the directory knows each segment's capacity")
        expect(Int(directory[entry].depth) == segment.depth, "the directory knows each segment's depth")
      }
      let prefix = segment.depth == 0 ? 0 : UInt64(index) << UInt64(64 - directoryDepth)
      if let broken = violatedInvariant(of: segment, prefix: prefix) { expect(false, broken) }
      keys += segment.count
      segments += segment.bytes(stride: stride)
      segment.forEachSlot(stride: stride) { slot in
        if layout.isSeries { blocks += layout.series(WindowSegment.cell(slot)).blockBytes }
      }
      index += width
    }
    expect(violation != nil || keys == count, "the table counts its keys")
    expect(violation != nil || count <= maximumKeys, "the keys stay within their cap")
    expect(violation != nil || segments == segmentBytes, "the table knows the bytes of its segments")
    expect(violation != nil || blocks == blockBytes, "the table knows the bytes of its blocks")
    return violation
  }

  private func violatedInvariant(of segment: WindowSegment, prefix: UInt64) -> String? {
    var previous: Hash128?
    var vacancyBehind = -1
    var held = 0
    for index in 0...segment.usableSlots {
      let slot = segment.slot(index, stride: stride)
      let key = WindowSegment.key(slot)
      if WindowSegment.isVacant(slot) {
        vacancyBehind = index
        continue
      }
      held += 1
      if (key.high ^ prefix) >> UInt64(64 - segment.depth) != 0 { return "a key begins with its segment's bits" }
      if let previous, !(previous < key) { return "keys ascend within a segment" }
      let home = segment.home(of: key)
      if home > index { return "no key stands before its home" }
      if home <= vacancyBehind { return "no vacancy stands between a key and its home" }
      if let broken = violatedInvariant(of: layout.cell(WindowSegment.cell(slot))) { return broken }
      previous = key
    }
    if vacancyBehind != segment.usableSlots { return "the last slot of a segment is vacant" }
    return held == segment.count ? nil : "a segment counts its keys"
  }

  private func violatedInvariant(of cell: any WindowCell) -> String? {
    if !(1...layout.capacity).contains(cell.count) { return "a cell holds between one event and its capacity" }
    var previous = cell.event(at: 0)
    var values: Set<Int64> = [previous.value]
    for index in 1..<max(cell.count, 1) {
      let event = cell.event(at: index)
      if event.time < previous.time { return "events stand in time order" }
      switch shape.aggregate {
      case .distinct where !values.insert(event.value).inserted: return "no value stands twice"
      case .maximum where event.value >= previous.value: return "candidates for the largest fall in time"
      case .minimum where event.value <= previous.value: return "candidates for the smallest rise in time"
      default: break
      }
      previous = event
    }
    if previous.time != cell.newest { return "a cell's newest time is its last event's" }
    return previous.time <= WindowEvent.latestTime ? nil : "times are within range"
  }
}

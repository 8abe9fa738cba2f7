extension WindowTable {
  /// How many neighbours are looked at for the one whose newest time is oldest.
  static let evictionSamples = 8

  /// Removes a key near to where `key` would stand: of the next few the one that has been quiet the longest.
  func evict(near key: Hash128) {
    var segment = segment(of: key)
    var first = segment.index(of: place(of: key), stride: stride)
    var high = key.high
    while segment.count == 0 {
      high = Self.nextSegmentStart(high, depth: segment.depth)
      segment = self.segment(of: Hash128(high: high, low: 0))
      first = 0
    }
    let slot = quietest(in: segment, from: first)
    noteEviction(of: WindowSegment.key(slot), newest: layout.newest(WindowSegment.cell(slot)))
    remove(slot, from: segment)
  }

  private func quietest(in segment: WindowSegment, from first: Int) -> UnsafeMutableRawPointer {
    var quietest = segment.slot(first, stride: stride)
    var oldest = Int64.max
    var samples = 0
    for step in 0..<segment.usableSlots where samples < Self.evictionSamples {
      let slot = segment.slot((first + step) % segment.usableSlots, stride: stride)
      guard !WindowSegment.isVacant(slot) else { continue }
      samples += 1
      let newest = layout.newest(WindowSegment.cell(slot))
      if newest < oldest { (oldest, quietest) = (newest, slot) }
    }
    return quietest
  }

  private func remove(_ slot: UnsafeMutableRawPointer, from segment: WindowSegment) {
    releaseBlock(of: slot)
    segment.close(slot, stride: stride)
    count -= 1
  }

  func releaseBlock(of slot: UnsafeMutableRawPointer) {
    guard layout.isSeries else { return }
    blockBytes -= layout.series(WindowSegment.cell(slot)).release()
  }

  /// The first `high` behind the segment of depth `depth` that `high` belongs to; 0 behind the last.
  static func nextSegmentStart(_ high: UInt64, depth: Int) -> UInt64 {
    ((high >> (64 - depth)) + 1) << (64 - depth)
  }
}

extension WindowTable {
  /// The most slots that calls may have saved up for the sweep.
  static let mostSweepCredit = 1 << 32

  /// Forgets keys whose newest time + longest span + lateness < `now`, going round the table a little at a call.
  ///
  /// - Parameters:
  ///   - now: Unix milliseconds.
  ///   - budget: slots to look at. Whole segments are swept, as soon as the calls so far have paid for one, so one call
  ///     looks at most at budget + 1,200 slots, and never at more than the whole table once. Small segments that have
  ///     lost keys are copied, which gives memory back after a flood of keys.
  /// - Returns: the number of keys forgotten.
  @discardableResult
  public func expire(before now: Int64, budget: Int) -> Int {
    sweepCredit += min(max(budget, 0), Self.mostSweepCredit - sweepCredit)
    let start = sweepPosition
    var expired = 0
    while true {
      let segment = segment(of: Hash128(high: sweepPosition, low: 0))
      guard sweepCredit >= segment.usableSlots else { return expired }
      sweepCredit -= segment.usableSlots
      let depth = segment.depth
      expired += sweep(segment, of: sweepPosition, before: now)
      sweepPosition = Self.nextSegmentStart(sweepPosition, depth: depth)
      if sweepPosition == start {
        sweepCredit = 0
        return expired
      }
    }
  }

  private func sweep(_ segment: WindowSegment, of high: UInt64, before now: Int64) -> Int {
    let retention = limits.longestSpan + limits.lateness
    func isExpired(_ slot: UnsafeMutableRawPointer) -> Bool {
      layout.newest(WindowSegment.cell(slot)) + retention < now
    }
    var expired = 0
    segment.forEachSlot(stride: stride) { slot in
      guard isExpired(slot) else { return }
      releaseBlock(of: slot)
      expired += 1
    }
    guard expired > 0 else { return 0 }
    let kept = segment.copy(depth: segment.depth, stride: stride) { !isExpired($0) }
    replace(segment, of: high, by: [kept])
    count -= expired
    return expired
  }
}

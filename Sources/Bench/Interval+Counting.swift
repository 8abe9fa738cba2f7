import Wire

extension Interval {
  /// Counts an answer. Its latency and status count when the call began in the measured time, its throughput when the
  /// answer came within it.
  mutating func countAnswer(_ frame: Frame, to call: CallTable.Call, at now: UInt64, in window: Window) {
    let isOK = frame.header.value == 0
    if isOK, window.contains(now) { completed &+= 1 }
    guard window.contains(call.start) else { return }
    // A code that the contract does not have counts as UNKNOWN, as in gRPC.
    status[Int((StatusCode(exactly: frame.header.value) ?? .unknown).rawValue)] &+= 1
    guard isOK else {
      errorLatency.record(now &- call.start)
      return
    }
    latency.record(now &- call.start)
    if call.isEvaluation { outcomes[min(Self.outcome(of: frame.payload), Self.outcomeCount - 1)] &+= 1 }
  }

  /// Counts a call that was waited for in vain: with the time it was waited for, since leaving it out would flatter the tail.
  mutating func countUnanswered(since start: UInt64, at now: UInt64, in window: Window) {
    guard window.contains(start) else { return }
    unanswered &+= 1
    latency.record(now &- start)
  }

  /// A `Decision`'s first field is its outcome: tag 0x08 and one byte; absent means 0, NONE. Fields come in the order of
  /// their numbers, so nothing can precede it.
  private static func outcome(of decision: UnsafeRawBufferPointer) -> Int {
    decision.count >= 2 && decision[0] == 0x08 ? Int(decision[1]) : 0
  }
}

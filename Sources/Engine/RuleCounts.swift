import Glibc
import Rules
import Windows

/// What the rules in force have done at one evaluator: plain numbers, counted for every call that is judged, without an
/// atomic step or an allocation.
///
/// `@unchecked Sendable`: touched by its evaluator within a chunk only, and by others only while they hold the fence that
/// keeps the evaluator out of chunks.
final class RuleCounts: @unchecked Sendable {
  /// One rule's.
  struct Counts: BitwiseCopyable {
    var fired: UInt64 = 0
    var shadowFired: UInt64 = 0
    var notEvaluated: UInt64 = 0
    /// Fired in shadow where the outcome was milder.
    var wouldChange: UInt64 = 0
    /// Estimated.
    var nanoseconds: UInt64 = 0
  }

  /// Rules that fire together are counted pair by pair up to so many at once; of more, one call in so many counts for
  /// all.
  static let mostPairedAtOnce = 16
  static let pairSampling: UInt64 = 64
  /// One call in so many is judged again under the clock, each rule so often in a row.
  static let callsPerTiming = 1_024
  static let judgementsPerTiming = 8

  let ruleCount: Int
  let kindCount: Int
  /// By rule.
  let counts: UnsafeMutablePointer<Counts>
  /// By kind, the calls that were judged.
  let calls: UnsafeMutablePointer<UInt64>
  /// How often two rules fired together: below the diagonal of a square, row by row.
  let pairs: UnsafeMutablePointer<UInt64>
  private let clock: () -> UInt64
  private let clockCost: UInt64
  private var untilTiming = callsPerTiming
  private var untilPairs = pairSampling
  /// The rules that fired in the call under way.
  private let together: UnsafeMutablePointer<Int32>

  /// - Parameter clock: monotonic, in nanoseconds.
  init(_ rules: RuleSet, clock: @escaping () -> UInt64 = monotonicNanoseconds) {
    (ruleCount, kindCount) = (rules.rules.count, rules.kinds.count)
    counts = .allocate(capacity: max(1, ruleCount))
    counts.initialize(repeating: Counts(), count: ruleCount)
    calls = .allocate(capacity: max(1, kindCount))
    calls.initialize(repeating: 0, count: kindCount)
    together = .allocate(capacity: max(1, ruleCount))
    // calloc: zero pages that cost no memory until a pair is met.
    let pairCount = max(1, ruleCount * (ruleCount - 1) / 2)
    guard let memory = calloc(pairCount, MemoryLayout<UInt64>.stride) else { preconditionFailure("out of memory") }
    pairs = memory.bindMemory(to: UInt64.self, capacity: pairCount)
    self.clock = clock
    clockCost =
      (0..<8).map { _ in
        let start = clock()
        return clock() - start
      }.min() ?? 0
  }

  deinit {
    counts.deallocate()
    calls.deallocate()
    together.deallocate()
    free(pairs)
  }

  /// Where the count of a pair lies.
  static func pair(_ first: Int, _ second: Int) -> Int {
    let (high, low) = first > second ? (first, second) : (second, first)
    return high &* (high &- 1) / 2 &+ low
  }

  // MARK: - Counting

  /// Counts one call's verdict; true when the call is to be timed.
  @inline(__always)
  func note(_ verdict: borrowing Verdict, kind: Int32) -> Bool {
    calls[Int(kind)] &+= 1
    for index in 0..<verdict.firedCount { counts[Int(verdict.fired[index].rule)].fired &+= 1 }
    for index in 0..<verdict.unevaluatedCount { counts[Int(verdict.unevaluated[index].rule)].notEvaluated &+= 1 }
    if verdict.shadowFiredCount &+ verdict.shadowUnevaluatedCount > 0 { noteShadow(verdict) }
    if verdict.firedCount &+ verdict.shadowFiredCount > 1 { notePairs(verdict) }
    untilTiming &-= 1
    return untilTiming == 0
  }

  private func noteShadow(_ verdict: borrowing Verdict) {
    for index in 0..<verdict.shadowFiredCount {
      let fired = verdict.shadowFired[index]
      counts[Int(fired.rule)].shadowFired &+= 1
      if fired.effect > verdict.outcome { counts[Int(fired.rule)].wouldChange &+= 1 }
    }
    for index in 0..<verdict.shadowUnevaluatedCount {
      counts[Int(verdict.shadowUnevaluated[index].rule)].notEvaluated &+= 1
    }
  }

  private func notePairs(_ verdict: borrowing Verdict) {
    let count = verdict.firedCount &+ verdict.shadowFiredCount
    var weight: UInt64 = 1
    if count > Self.mostPairedAtOnce {
      untilPairs &-= 1
      guard untilPairs == 0 else { return }
      (untilPairs, weight) = (Self.pairSampling, Self.pairSampling)
    }
    for index in 0..<verdict.firedCount { together[index] = verdict.fired[index].rule }
    for index in 0..<verdict.shadowFiredCount {
      together[verdict.firedCount &+ index] = verdict.shadowFired[index].rule
    }
    for first in 1..<count {
      for second in 0..<first { pairs[Self.pair(Int(together[first]), Int(together[second]))] &+= weight }
    }
  }

  /// Judges a call's rules again under the clock; each stands for as many calls as are not timed.
  func time(
    _ rules: RuleSet, kind: Int32, fields: inout FieldValues, readings: UnsafePointer<WindowReading>, time: Int64
  ) {
    untilTiming = Self.callsPerTiming
    let weight = UInt64(Self.callsPerTiming / Self.judgementsPerTiming)
    var start = clock()
    rules.rejudge(
      kind: kind, fields: &fields, readings: readings, time: time, times: Self.judgementsPerTiming
    ) { rule in
      let end = clock()
      let elapsed = end &- start
      counts[rule].nanoseconds &+= (elapsed > clockCost ? elapsed &- clockCost : 0) &* weight
      start = end
    }
  }
}

/// The machine's monotonic clock, in nanoseconds.
@Sendable
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

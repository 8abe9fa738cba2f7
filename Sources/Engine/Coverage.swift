import Rules
import Windows

/// From when on each counter's windows have everything that was recorded.
///
/// A counter that comes with a change of rules has seen nothing of what was recorded before, and one whose rules now look
/// further back no longer has what was older than its rules looked back until then. Either is whole again once its
/// windows no longer reach behind that time; until then decisions name it as warming.
///
/// "Everything" is what the log holds: where the log begins, nothing has been missed, so a new server's counters are
/// whole at once, and so are those of rules that came before the first activity. A replay that counts every entry again,
/// and adopts rules where the log did, comes to the same.
public struct Coverage: Equatable, Sendable {
  /// Since ever.
  public static let always = Int64.min

  /// By counter, as its identity (`CounterPlan.identity`) has it: Unix milliseconds, by the activities' own times.
  public var wholeFrom: [Hash128: Int64]

  public init(wholeFrom: [Hash128: Int64] = [:]) { self.wholeFrom = wholeFrom }

  /// When a counter's windows begin to be whole; always unless something is known against it.
  func wholeFrom(_ counter: CounterPlan) -> Int64 { wholeFrom[counter.identity] ?? Self.always }

  /// What holds after a change of rules.
  ///
  /// - Parameters:
  ///   - time: when the change came into force, Unix milliseconds.
  ///   - skew: how far activities recorded until then may lie in the future, in milliseconds.
  func adopting(_ next: RuleSet, over rules: RuleSet, at time: Int64, skew: Int64) -> Coverage {
    let known = Dictionary(
      rules.counters.map { ($0.identity, $0.shape) }, uniquingKeysWith: { first, _ in first })
    var coverage = Coverage()
    for counter in next.counters {
      let whole = Self.wholeFrom(
        counter.shape, over: known[counter.identity], wholeFrom(counter), at: time, skew: skew)
      if whole != Self.always { coverage.wholeFrom[counter.identity] = whole }
    }
    return coverage
  }

  private static func wholeFrom(
    _ shape: WindowShape, over before: WindowShape?, _ wholeFrom: Int64, at time: Int64, skew: Int64
  ) -> Int64 {
    guard let before, before.aggregate == shape.aggregate else { return time }
    // A window that keeps more events than before may lack some of any key that had as many as it kept.
    if shape.capacity > before.capacity { return time }
    if shape.longestSpanMilliseconds <= before.longestSpanMilliseconds { return wholeFrom }
    return max(wholeFrom, time &+ skew &- before.longestSpanMilliseconds)
  }
}

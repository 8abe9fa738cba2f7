@preconcurrency import Dispatch
import GatehouseProtocol
import Journal
import Rules
import Synchronization
import Wire

/// Removes what the log need not keep any longer: whole segments, as soon as all of their entries are older than the policy
/// says. The policy and every removal are entries of the log.
///
/// Nothing goes that a restart may need: only what lies below both kept snapshots, and never anything younger than the
/// longest window, its lateness, and the time for which ids are remembered; so windows and answers are exact even when no
/// snapshot can be read.
final class Retention: Sendable {
  private static let tick = DispatchTimeInterval.seconds(60)

  private let journal: Journal
  private let events: ServerEvents
  private let rulebook: Rulebook
  private let keepForMilliseconds: Int64
  private let rememberMilliseconds: Int64
  private let now: @Sendable () -> Int64
  private let report: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "gatehouse.retention", qos: .utility)
  private let timer: DispatchSourceTimer

  /// - Parameters:
  ///   - keepForMilliseconds: 0 keeps all.
  ///   - rememberMilliseconds: for how long ids are remembered.
  init(
    _ journal: Journal, _ events: ServerEvents, _ rulebook: Rulebook, keepForMilliseconds: Int64,
    rememberMilliseconds: Int64, now: @escaping @Sendable () -> Int64, report: @escaping @Sendable (String) -> Void
  ) {
    (self.journal, self.events, self.rulebook) = (journal, events, rulebook)
    (self.keepForMilliseconds, self.rememberMilliseconds) = (keepForMilliseconds, rememberMilliseconds)
    (self.now, self.report) = (now, report)
    timer = DispatchSource.makeTimerSource(queue: queue)
  }

  deinit {
    timer.activate()
    timer.cancel()
  }

  /// The policy as the log says it.
  var policy: RetentionPolicy { RetentionPolicy(keepFor: keepForMilliseconds) }

  /// The shortest time that entries must be kept under the rules in force.
  var neededMilliseconds: Int64 {
    let windows = rulebook.rules.ruleSet.counters.map {
      $0.shape.longestSpanMilliseconds + $0.shape.latenessMilliseconds
    }
    return max(windows.max() ?? 0, rememberMilliseconds)
  }

  /// Says in the log what is kept from now on, if that is another than it said last.
  /// - Throws: `.retentionTooShort`, `.log`.
  func open(last: RetentionPolicy?) throws(GatehouseServerError) {
    if keepForMilliseconds > 0, keepForMilliseconds < neededMilliseconds {
      throw .retentionTooShort(milliseconds: keepForMilliseconds, needed: neededMilliseconds)
    }
    guard policy != last ?? RetentionPolicy() else { return }
    do throws(RPCError) {
      try events.append(LogEntry(retention: policy))
    } catch {
      throw .log(error)
    }
  }

  /// Removes now and then from here on.
  func start() {
    guard keepForMilliseconds > 0 else { return }
    timer.setEventHandler { [weak self] in
      guard let self else { return }
      do {
        try self.removeOld()
      } catch {
        self.report("old entries were not removed: \(error)")
      }
    }
    timer.schedule(deadline: .now() + Self.tick, repeating: Self.tick)
    timer.activate()
  }

  /// Returns when nothing is being removed, and nothing will be.
  func stop() {
    timer.activate()
    timer.cancel()
    queue.sync {}
  }

  /// Removes what is old enough, after the log has said so durably. Should the process die in between, it is removed, and said,
  /// once more.
  /// - Returns: how many entries went.
  @discardableResult
  func removeOld() throws -> UInt64 {
    guard keepForMilliseconds > 0 else { return 0 }
    // Rules that came later may look further back than the policy did when it was checked.
    let keepFor = max(keepForMilliseconds, neededMilliseconds)
    let segments = try journal.removableSegments(
      below: try journal.snapshots.oldestIndex(), writtenBefore: now() - keepFor)
    guard let first = segments.first?.firstIndex, let end = segments.last?.endIndex else { return 0 }
    let index = try events.append(LogEntry(removed: EntriesRemoved(first: first, count: end - first)))
    try events.settle(through: index)
    try journal.remove(segments)
    return end - first
  }
}

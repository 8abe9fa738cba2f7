import Engine
import GatehouseProtocol
import Journal
import Processors
import Wire

/// How far a replay has come.
public struct ReplayProgress: Sendable, Hashable {
  /// Entries replayed, and how many there are.
  public let done: UInt64
  public let total: UInt64
}

/// Takes every entry of the log up again, in order: activities are counted, and rules come into force where they did. So
/// windows, remembered answers and rules are what they were, the windows of a counter that came with later rules included.
///
/// What was read in one step is dealt out in chunks to several evaluators, which look at them side by side and count them in the log's order.
struct Replay {
  private let journal: Journal
  /// Of the log.
  private let firstIndex: UInt64
  private let engine: Engine
  private let rulebook: Rulebook
  private let evaluators: [Evaluator]
  private let order = RestoreOrder()
  /// Entries on their way to the evaluators; copied, because the journal's bytes are valid only while it hands them out.
  private var bytes: [UInt8] = []
  private var entries: [(index: UInt64, end: Int)] = []
  /// Where in `entries` each chunk begins.
  private var chunkStarts: [Int] = []
  /// Where the next one begins, at the latest.
  private var chunkEnd = 0
  private var failure: GatehouseServerError?
  /// The last that was said of what is kept.
  private(set) var retention: RetentionPolicy?
  private let isStopping: () -> Bool
  /// What the engine holds already.
  private var cut: SnapshotCut?
  /// Read before the caller hears of progress.
  private static let stepBytes = 4 << 20
  /// What reading is left to share when counting is done by one at a time.
  private static let maxEvaluators = 4

  init(_ journal: Journal, into engine: Engine, _ rulebook: Rulebook, isStopping: @escaping () -> Bool) {
    self.journal = journal
    firstIndex = journal.firstIndex
    self.isStopping = isStopping
    self.engine = engine
    self.rulebook = rulebook
    let count = min(ProcessorCount.available, Self.maxEvaluators)
    evaluators = (0..<count).map { _ in engine.makeEvaluator() }
  }

  /// - Parameters:
  ///   - index: where to begin, if retention has left it.
  ///   - cut: what the engine holds already of the entries from there on.
  ///   - progress: told now and then how far it has come.
  mutating func run(
    from index: UInt64, behind cut: SnapshotCut?, progress: (ReplayProgress) -> Void
  ) throws(GatehouseServerError) {
    self.cut = cut
    let end = journal.writer.writtenIndex
    let first = max(index, firstIndex)
    if first >= end { progress(ReplayProgress(done: 0, total: 0)) }
    let cursor = journal.cursor(from: first)
    while cursor.nextIndex < end {
      do throws(JournalError) {
        try cursor.read(below: end, maximumBytes: Self.stepBytes) { take($0) }
      } catch {
        throw .journal(error)
      }
      restore()
      if let failure { throw failure }
      progress(ReplayProgress(done: cursor.nextIndex - first, total: end - first))
      if isStopping() { throw .stopped }
    }
  }

  private mutating func take(_ entry: JournalEntry) {
    let logged = LoggedEntry(index: entry.index, bytes: entry.bytes)
    if cut == nil, entry.index == firstIndex, entry.index > 0 { failure = missEntries(before: logged) }
    if logged.isEvent { return takeEvent(logged) }
    let isHeldInPart = entry.index < cut?.endIndex ?? 0
    if isHeldInPart || entries.count == chunkEnd {
      chunkStarts.append(entries.count)
      chunkEnd = entries.count + (isHeldInPart ? 1 : Evaluator.maxCalls)
    }
    bytes.append(contentsOf: entry.bytes)
    entries.append((entry.index, bytes.count))
  }

  /// The log's first entries were removed: windows that would reach back to them are not whole.
  private func missEntries(before first: LoggedEntry) -> GatehouseServerError? {
    do {
      try engine.beginHistory(at: first.createdAt())
      return nil
    } catch {
      return .replay(index: first.index, reason: "\(error)")
    }
  }

  /// An event of the server's own; kinds that a later version may add mean nothing to this one.
  private mutating func takeEvent(_ entry: LoggedEntry) {
    restore()
    guard failure == nil else { return }
    do {
      let event = try ProtobufDecoder().decode(LogEntry.self, from: Array(entry.bytes))
      if let policy = event.retention { retention = policy }
      if let rules = event.rules { try rulebook.restore(rules, at: entry.index, into: engine) }
    } catch let error as GatehouseServerError {
      failure = error
    } catch {
      failure = .replay(index: entry.index, reason: "\(error)")
    }
  }

  private mutating func restore() {
    defer {
      bytes.removeAll(keepingCapacity: true)
      entries.removeAll(keepingCapacity: true)
      chunkStarts.removeAll(keepingCapacity: true)
      chunkEnd = 0
    }
    guard !entries.isEmpty, failure == nil else { return }
    failure = bytes.withUnsafeBytes { bytes in
      var start = 0
      let logged = entries.map { entry in
        defer { start = entry.end }
        return LoggedEntry(index: entry.index, bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<entry.end]))
      }
      return logged.withUnsafeBufferPointer { restore($0) }
    }
  }

  private func restore(_ logged: UnsafeBufferPointer<LoggedEntry>) -> GatehouseServerError? {
    let ends = chunkStarts.dropFirst() + [logged.count]
    let chunks = zip(chunkStarts, ends).map { UnsafeBufferPointer(rebasing: logged[$0..<$1]) }
    do throws(LoggedEntryError) {
      try ReplayStep(chunks, evaluators, order, behind: cut).run()
      return nil
    } catch {
      return .replay(index: error.index, reason: "\(error.cause)")
    }
  }
}

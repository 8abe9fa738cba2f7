import Engine
import Journal
import Wire

/// How far a replay has come.
public struct ReplayProgress: Sendable, Hashable {
  /// Entries replayed, and how many there are.
  public let done: UInt64
  public let total: UInt64
}

/// Counts every entry of the log again, in order, so that windows and remembered answers are what they were.
struct Replay {
  private let journal: Journal
  private let evaluator: Evaluator
  /// Entries on their way to the evaluator; copied, because the journal's bytes are valid only while it hands them out.
  private var bytes: [UInt8] = []
  private var entries: [(index: UInt64, end: Int)] = []
  private var failure: GatehouseServerError?
  /// Read before the caller hears of progress.
  private static let stepBytes = 4 << 20

  init(_ journal: Journal, into engine: Engine) {
    self.journal = journal
    evaluator = engine.makeEvaluator()
  }

  mutating func run(progress: (ReplayProgress) -> Void) throws(GatehouseServerError) {
    let end = journal.writer.writtenIndex
    let first = journal.firstIndex
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
    }
  }

  private mutating func take(_ entry: JournalEntry) {
    bytes.append(contentsOf: entry.bytes)
    entries.append((entry.index, bytes.count))
    if entries.count == Evaluator.maxCalls { restore() }
  }

  private mutating func restore() {
    defer {
      bytes.removeAll(keepingCapacity: true)
      entries.removeAll(keepingCapacity: true)
    }
    guard !entries.isEmpty, failure == nil else { return }
    failure = bytes.withUnsafeBytes { bytes in
      var start = 0
      let chunk = entries.map { entry in
        defer { start = entry.end }
        return LoggedEntry(index: entry.index, bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<entry.end]))
      }
      return chunk.withUnsafeBufferPointer { restore($0) }
    }
  }

  private func restore(_ chunk: UnsafeBufferPointer<LoggedEntry>) -> GatehouseServerError? {
    do throws(LoggedEntryError) {
      try evaluator.restore(chunk)
      return nil
    } catch {
      return .replay(index: error.index, reason: "\(error.cause)")
    }
  }
}

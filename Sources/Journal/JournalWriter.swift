import Synchronization

/// Appends entries to the log: many threads give entries, one writes them, in groups.
///
/// `append` copies the entry under a short lock and answers its index; `commit` wakes the writer if it sleeps; the writer's `drain`
/// takes all that has come, writes it with one `write` and, if anybody waits for durability, syncs once for all of them.
/// Acknowledgement is by watermark: `progressed` is called, on the thread that made the progress, whenever one has moved or the condition
/// has changed. An appender waits for nobody's system call; a flush waits for a write that is under way, syncs wait for each other.
///
/// A sync that finds much to write keeps the segment's last pages locked, and appenders waiting, until all is on its way. So the
/// writer's thread has what was written begin its way to the disk every `writebackBytes`, but for the end that is being appended to.
public final class JournalWriter: Sendable {
  private static let writebackBytes = 512 << 10
  /// No page is larger.
  private static let tailBytes: UInt64 = 64 << 10

  private let group: Mutex<GroupCommit>
  /// Held by whoever drains, over system calls; appenders never touch it.
  private let appender: Mutex<SegmentAppender>
  /// Held during a sync, so that there is one at a time: a descriptor reports an error only once.
  private let syncing: Mutex<SyncTarget>
  private let written: Atomic<UInt64>
  private let durable: Atomic<UInt64>
  /// How long the segment is, and how much of it was written since its writeback was last begun.
  private let segmentBytes = Atomic<UInt64>(0)
  private let bytesAtRest = Atomic<Int>(0)
  private let writebackIsDue = Atomic(false)
  /// What may wait for one write.
  public let bufferBytes: Int
  private let entryLimitBytes: Int
  private let now: @Sendable () -> Int64
  private let wake: @Sendable () -> Void
  private let progressed: @Sendable (JournalProgress) -> Void

  /// - Parameters:
  ///   - endIndex: where the log ends; all below is durable.
  ///   - now: the time to put on batches, Unix milliseconds.
  ///   - wake: has `drain` called soon, on a thread of its own.
  init(
    appender: consuming sending SegmentAppender, endIndex: UInt64, limits: JournalLimits,
    now: @escaping @Sendable () -> Int64, wake: @escaping @Sendable () -> Void,
    progressed: @escaping @Sendable (JournalProgress) -> Void
  ) {
    group = Mutex(GroupCommit(firstIndex: endIndex, payloadBytes: limits.payloadBytes))
    bufferBytes = limits.payloadBytes
    entryLimitBytes = min(JournalLimits.maximumEntryBytes, limits.payloadBytes - 4)
    syncing = Mutex(SyncTarget(file: appender.file))
    self.appender = Mutex(appender)
    written = Atomic(endIndex)
    durable = Atomic(endIndex)
    self.now = now
    self.wake = wake
    self.progressed = progressed
  }

  /// Entries below this index survive the process.
  public var writtenIndex: UInt64 { written.load(ordering: .acquiring) }

  /// Entries below this index survive the machine.
  public var durableIndex: UInt64 { durable.load(ordering: .acquiring) }

  /// The index the next entry will get.
  public var nextIndex: UInt64 { group.withLock { $0.nextIndex } }

  public var condition: JournalCondition { group.withLock { $0.condition } }

  /// How far the log has come; the parts are looked at one after the other, the watermarks first.
  public var progress: JournalProgress {
    JournalProgress(writtenIndex: writtenIndex, durableIndex: durableIndex, condition: condition)
  }

  /// Takes one entry, the concatenation of the pieces. Copies, never blocks, never allocates; call `commit` after the last of a read batch.
  /// - Parameter durable: whether somebody waits for the entry to be durable and not only written.
  public func append(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
    _ third: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0), durable: Bool = false
  ) -> AppendResult {
    guard first.count + second.count + third.count <= entryLimitBytes else { return .tooLarge }
    return group.withLock { $0.append(first, second, third, durable: durable) }
  }

  /// What `count` entries of together `byteCount` bytes take of a buffer.
  public static func bufferBytes(count: Int, byteCount: Int) -> Int { byteCount + count * BatchBuffer.entryHeaderBytes }

  /// Promises room, so that a later `append` of that much finds it: for a caller who must know before it acts that it can record what it did.
  /// - Parameter bufferBytes: as `bufferBytes(count:byteCount:)` says; at most half of `JournalLimits.bufferBytes`.
  /// - Returns: nil if the room was promised: exactly one `append(_:ends:reserved:durable:)` must follow. Otherwise why not.
  public func reserve(bufferBytes: Int) -> AppendResult? { group.withLock { $0.reserve(bufferBytes) } }

  /// Takes the entries that end at `ends` in `bytes`, into room that was promised, and gives back what is left of it. Copies, never
  /// blocks, never allocates.
  /// - Returns: the first one's index; the others follow without a gap.
  public func append(
    _ bytes: UnsafeRawBufferPointer, ends: UnsafeBufferPointer<Int>, reserved: Int, durable: Bool
  ) -> AppendResult {
    group.withLock { $0.append(bytes, ends: ends, reserved: reserved, durable: durable) }
  }

  /// Writes what was appended, on the calling thread: `written` for the price of one `write` and no wake-up; all that others have
  /// appended meanwhile is in it. If somebody else is writing it waits, for as long as a write takes: what is written then needs none of
  /// its own. For whoever waits for durability, the writer's own thread is woken.
  /// While the disk is full it writes nothing: `retry` does, now and then.
  public func flush() {
    let (end, isFull) = group.withLock { ($0.nextIndex, $0.condition == .noSpace) }
    if writtenIndex < end, !isFull {
      appender.withLock { appender in
        if writtenIndex < end { writeAll(with: &appender) }
      }
    }
    if bytesAtRest.load(ordering: .relaxed) >= Self.writebackBytes {
      bytesAtRest.store(0, ordering: .relaxed)
      writebackIsDue.store(true, ordering: .releasing)
      return wake()
    }
    if durableIsWanted { wake() }
  }

  /// Has the entries below `index` made durable soon, for somebody who waits for what was appended for less. Costs a wake-up
  /// only if nobody waits for them yet.
  public func want(durableBelow index: UInt64) {
    if group.withLock({ $0.want(durableBelow: index) }) { wake() }
  }

  /// Has what was appended written soon. Costs a wake-up only if the writer sleeps.
  public func commit() {
    if group.withLock({ $0.commit() }) { wake() }
  }

  /// Writes and syncs all that was appended before, on the calling thread; `durableIndex` then says how far that went.
  public func settle() {
    appender.withLock { _ = writeAll(with: &$0) }
    makeDurable()
  }

  /// Writes, and syncs if asked for, until nothing is left; the writer's thread calls it when woken.
  func drain() {
    // The file is given free for the time of a sync: others may write meanwhile, whose entries need less.
    while appender.withLock({ writeAll(with: &$0) }), durableIsWanted {
      guard makeDurable() else { return }
    }
    if writebackIsDue.exchange(false, ordering: .acquiring) { beginWriteback() }
  }

  private func beginWriteback() {
    let end = segmentBytes.load(ordering: .relaxed)
    syncing.withLock { $0.beginWriteback(below: end - min(end, Self.tailBytes)) }
  }

  /// Somebody waits for the durability of what is written.
  private var durableIsWanted: Bool { min(group.withLock { $0.durableWanted }, writtenIndex) > durableIndex }

  /// Writes until nothing is left; false if the writer must stop.
  @discardableResult
  private func writeAll(with appender: inout SegmentAppender) -> Bool {
    while let batch = appender.held.take() ?? group.withLock({ $0.take() }) {
      guard write(batch, with: &appender) else { return false }
    }
    return true
  }

  /// Writes one batch and gives its buffer back; false if the writer must stop.
  private func write(_ batch: consuming BatchBuffer, with appender: inout SegmentAppender) -> Bool {
    let time = now()
    do {
      if appender.mustRotate(for: batch.byteCount) {
        if durableIndex < writtenIndex, !makeDurable() { return false }
        try appender.rotate(firstIndex: batch.firstIndex, timeMilliseconds: time)
        let file = appender.file
        syncing.withLock { $0.file = file }
      }
      batch.seal(timeMilliseconds: time, durableIndex: durableIndex, seed: appender.seed)
      try appender.write(batch.bytes)
    } catch {
      if error.code == .noSpace {
        appender.held = consume batch
        group.withLock { $0.refuse() }
      } else {
        fail(error)
      }
      report()
      return false
    }
    segmentBytes.store(appender.length, ordering: .relaxed)
    bytesAtRest.add(batch.byteCount, ordering: .relaxed)
    let end = batch.endIndex
    guard recycle(batch) else { return false }
    written.store(end, ordering: .releasing)
    report()
    return true
  }

  /// Gives a written buffer back; false if the journal has failed meanwhile, when nothing more may be acknowledged.
  private func recycle(_ batch: consuming BatchBuffer) -> Bool {
    var batch: BatchBuffer? = consume batch
    return group.withLock { group in
      if let buffer = batch.take() { group.recycle(buffer) }
      group.resume()
      return group.condition == .open
    }
  }

  /// Makes all that is written durable, by one sync that others may share; false if the journal has failed.
  @discardableResult
  func makeDurable() -> Bool {
    let outcome = syncing.withLock { target in
      let end = writtenIndex
      bytesAtRest.store(0, ordering: .relaxed)
      if target.error == nil, end <= durableIndex { return SyncOutcome.nothing }
      if let error = target.sync() { return .failed(error) }
      durable.store(end, ordering: .releasing)
      return .moved
    }
    switch outcome {
    case .nothing: return true
    case .moved: report()
    case .failed(let error):
      fail(error)
      report()
      return false
    }
    return true
  }

  /// Tries again to write what a full disk has held up; to be called now and then.
  func retry() {
    if condition == .noSpace { wake() }
  }

  /// Writes and syncs what is left and takes no more. What a full disk still holds up is lost, unacknowledged.
  func close() {
    drain()
    makeDurable()
    group.withLock { $0.close() }
    report()
  }

  private func fail(_ error: StorageError) { group.withLock { $0.fail(JournalError(error)) } }

  private func report() { progressed(progress) }
}

/// The file that a sync is for, and the error after which it is never synced again.
private struct SyncTarget {
  var file: (any StorageFile)?
  private(set) var error: StorageError?

  init(file: (any StorageFile)?) { self.file = file }

  /// Syncs, and gives the error if this or any earlier sync failed.
  mutating func sync() -> StorageError? {
    if error == nil {
      do { try file?.sync() } catch { self.error = error }
    }
    return error
  }

  func beginWriteback(below offset: UInt64) {
    if error == nil { file?.beginWriteback(below: offset) }
  }
}

private enum SyncOutcome {
  case nothing, moved
  case failed(StorageError)
}

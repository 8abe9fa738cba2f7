@preconcurrency import Dispatch
import Synchronization

/// The book: an append-only log of opaque entries with a signed Merkle tree over it.
///
/// ```
/// let journal = try Journal.open(storage: PosixStorage(root: "/var/lib/gatehouse"), configuration: .init(origin: "example.com/gate"),
///   now: milliseconds, events: JournalEvents(progressed: { … }))
/// journal.startTicking(everyMilliseconds: 500)
/// let result = journal.writer.append(request, decision, durable: true)
/// journal.writer.commit()
/// ```
/// Cost: `append` copies under a short lock; writing, syncing and the tree run on two queues of their own.
public final class Journal: Sendable {
  public let writer: JournalWriter
  /// What was found at start.
  public let recovery: RecoveryReport
  /// The key that signs checkpoints.
  public let verifier: NoteVerifier
  public let origin: String
  let storage: any Storage
  let catalog: SegmentCatalog
  let journalID: JournalID
  private let events: JournalEvents
  private let publisher: CheckpointPublisher
  /// The publisher's own would make readers wait while it works.
  private let latest: Mutex<PublishedCheckpoint?>
  private let lock: Mutex<(any StorageFile)?>
  private let treeQueue: DispatchQueue
  private let writing: WriterQueue
  private let timer: DispatchSourceTimer

  /// Opens the directory for writing: takes the lock, recovers, verifies the last checkpoint, makes key and files that are missing.
  /// - Parameters:
  ///   - now: the time, Unix milliseconds; stamped on batches.
  ///   - walk: called while segments are checked, on the calling thread.
  /// - Throws: `.locked`, `.damaged`, `.checkpoint`, `.key`, `.unsupported`, `.storage`.
  public static func open(
    storage: any Storage, configuration: JournalConfiguration, now: @escaping @Sendable () -> Int64,
    events: JournalEvents = JournalEvents(), walk: @escaping (WalkProgress) -> Void = { _ in }
  ) throws(JournalError) -> Journal {
    let writing = WriterQueue()
    let parts = try JournalParts.open(
      storage: storage, configuration: configuration, holder: .current(nowMilliseconds: now()), now: now,
      wake: { writing.wake() }, progressed: events.progressed, walk: walk)
    return Journal(parts, configuration, writing, events)
  }

  private init(
    _ parts: JournalParts, _ configuration: JournalConfiguration, _ writing: WriterQueue, _ events: JournalEvents
  ) {
    writer = parts.writer
    recovery = parts.recovery
    verifier = parts.verifier
    origin = configuration.origin
    storage = parts.storage
    catalog = parts.catalog
    journalID = parts.journalID
    lock = Mutex(parts.lock)
    latest = Mutex(parts.publisher.published)
    publisher = parts.publisher
    treeQueue = DispatchQueue(label: "gatehouse.journal.tree", qos: .utility)
    timer = DispatchSource.makeTimerSource(queue: treeQueue)
    self.writing = writing
    self.events = events
    let writer = parts.writer
    writing.start { writer.drain() }
  }

  /// Without `close`, what was appended last may be lost; the lock is given back all the same.
  deinit {
    timer.activate()
    timer.cancel()
    writing.cancel()
  }

  /// Ticks from now on: each tick syncs what is written, publishes a checkpoint over it, and tries again what a full disk held up.
  /// - Parameter everyMilliseconds: 500 keeps checkpoints less than a second behind.
  public func startTicking(everyMilliseconds: Int) {
    timer.setEventHandler { [weak self] in self?.step() }
    timer.schedule(deadline: .now(), repeating: .milliseconds(everyMilliseconds))
    timer.activate()
  }

  /// One tick, on the calling thread: sync, publish, and take up what witnesses have cosigned meanwhile.
  public func step() {
    writer.retry()
    guard writer.makeDurable() else { return }
    let end = writer.durableIndex
    do throws(JournalError) {
      if let published = try publisher.publish(upTo: end) { announce(published) }
      if let cosigned = try CosignedCheckpoint.read(from: storage), let checkpoint, checkpoint != cosigned,
        cosigned.note.text == checkpoint.note.text
      {
        let cosignatures = cosigned.note.signatures.filter { $0.keyName != origin }
        if let attached = try publisher.attach(cosignatures, to: checkpoint.checkpoint) { announce(attached) }
      }
    } catch {
      events.publishingFailed(error)
    }
  }

  private func announce(_ published: PublishedCheckpoint) {
    let isNew = latest.withLock { latest in
      defer { latest = published }
      return latest != published
    }
    if isNew { events.published(published) }
  }

  /// The newest signed checkpoint; nil only before the first tick of a new journal.
  public var checkpoint: PublishedCheckpoint? { latest.withLock { $0 } }

  /// Writes and syncs what was appended, publishes a last checkpoint, and gives the lock back. Nothing is taken afterwards.
  public func close() {
    timer.setEventHandler(handler: nil)
    timer.activate()
    timer.cancel()
    writing.stop()
    writer.close()
    treeQueue.sync { step() }
    lock.withLock { $0 = nil }
  }
}

/// What a journal tells its owner, each on the thread where it happens: hand on, do not work.
public struct JournalEvents: Sendable {
  /// A watermark has moved or the condition has changed.
  public var progressed: @Sendable (JournalProgress) -> Void
  public var published: @Sendable (PublishedCheckpoint) -> Void
  /// No checkpoint could be published. With a cause of no space it is tried again; anything else is final until the directory is reopened.
  public var publishingFailed: @Sendable (JournalError) -> Void

  public init(
    progressed: @escaping @Sendable (JournalProgress) -> Void = { _ in },
    published: @escaping @Sendable (PublishedCheckpoint) -> Void = { _ in },
    publishingFailed: @escaping @Sendable (JournalError) -> Void = { _ in }
  ) {
    self.progressed = progressed
    self.published = published
    self.publishingFailed = publishingFailed
  }
}

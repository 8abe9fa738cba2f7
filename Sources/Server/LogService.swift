@preconcurrency import Dispatch
import GatehouseProtocol
import Journal
import Synchronization
import Transport
import Wire

/// The service `Log`: checkpoints, proofs and receipts, from the journal.
///
/// Proofs read tiles and entries from files, so they are made on a queue of their own, one at a time and behind the hot
/// path; calls beyond a bound are refused, not kept waiting.
final class LogService: Sendable {
  /// Calls that may wait for the queue.
  static let maxWaitingCalls = 64

  private enum State {
    case opening
    case withoutLog
    case open(Opening)
  }

  private struct Opening {
    let journal: Journal
    let events: ServerEvents
  }

  private let state = Mutex(State.opening)
  private let waiting = Atomic(0)
  private let queue = DispatchQueue(label: "gatehouse.proofs", qos: .utility)

  /// Answers calls from now on.
  /// - Parameters:
  ///   - journal: nil when the server keeps no log.
  ///   - events: where the log says who looked at it.
  func open(_ journal: Journal?, _ events: ServerEvents?) {
    state.withLock { state in
      if let journal, let events {
        state = .open(Opening(journal: journal, events: events))
      } else {
        state = .withoutLog
      }
    }
  }

  /// Adds its methods.
  func add(to table: inout MethodTable) {
    table.add(LogMethods.getCheckpoint) { request throws(RPCError) in try self.checkpoint(request) }
    table.add(LogMethods.getInclusionProof) { request throws(RPCError) in try await self.inclusionProof(request) }
    table.add(LogMethods.getConsistencyProof) { request throws(RPCError) in try await self.consistencyProof(request) }
    table.add(calls: LogMethods.getReceipt) { call, request throws(RPCError) in
      try await self.receipt(request, agent: call.agent)
    }
  }

  func checkpoint(_ request: GetCheckpointRequest) throws(RPCError) -> LogCheckpoint {
    let journal = try journal()
    let published = try covered(journal).checkpoint
    return LogCheckpoint(
      note: String(decoding: published.note.encoded, as: UTF8.self), size: published.checkpoint.size,
      rootHash: published.checkpoint.root.bytes, verifierKey: journal.verifier.description)
  }

  func inclusionProof(_ request: GetInclusionProofRequest) async throws(RPCError) -> InclusionProof {
    let log = try covered(try journal())
    let size = request.treeSize ?? log.size
    try Self.require(size >= 1, "tree_size", "an empty tree has no entries")
    try Self.require(size > request.index || request.treeSize == nil, "index", "is not below tree_size")
    try Self.requireCovered(size > request.index, "entry \(request.index)", log)
    try Self.requireCovered(size <= log.size, "a tree of size \(size)", log)
    return try await work { () throws(JournalError) in
      let (index, tree) = (request.index, log.tree)
      let (leaf, root) = (try tree.leaf(at: index), try log.root(of: size))
      let hashes = try tree.inclusionProof(of: index, in: size)
      try log.require(MerkleProof.verifyInclusion(of: leaf, at: index, size: size, root: root, proof: hashes))
      return InclusionProof(
        index: index, treeSize: size, leafHash: leaf.bytes, hashes: hashes.map(\.bytes), rootHash: root.bytes)
    }
  }

  func consistencyProof(_ request: GetConsistencyProofRequest) async throws(RPCError) -> ConsistencyProof {
    let log = try covered(try journal())
    let newSize = request.newSize ?? log.size
    try Self.require(request.oldSize >= 1, "old_size", "must be at least 1: every tree begins with the empty one")
    try Self.require(
      request.oldSize <= newSize || request.newSize == nil, "old_size", "is greater than new_size")
    try Self.requireCovered(max(request.oldSize, newSize) <= log.size, "a tree of that size", log)
    return try await work { () throws(JournalError) in
      let oldSize = request.oldSize
      let (oldRoot, newRoot) = (try log.root(of: oldSize), try log.root(of: newSize))
      let hashes = try log.tree.consistencyProof(from: oldSize, to: newSize)
      try log.require(MerkleProof.verifyConsistency(from: oldSize, oldRoot, to: newSize, newRoot, proof: hashes))
      return ConsistencyProof(
        oldSize: oldSize, newSize: newSize, hashes: hashes.map(\.bytes), oldRootHash: oldRoot.bytes,
        newRootHash: newRoot.bytes)
    }
  }

  /// - Parameter agent: how the caller named itself. The log says that it was here, also when it is refused.
  func receipt(_ request: GetReceiptRequest, agent: String) async throws(RPCError) -> Receipt {
    let opening = try opening()
    var access = Access(method: LogMethods.getReceipt.name, agent: agent, logIndex: request.index)
    do throws(RPCError) {
      let receipt = try await receipt(for: request.index, opening.journal)
      try opening.events.append(LogEntry(access: access))
      return receipt
    } catch {
      access.status = UInt32(error.code.rawValue)
      try opening.events.append(LogEntry(access: access))
      throw error
    }
  }

  private func receipt(for index: UInt64, _ journal: Journal) async throws(RPCError) -> Receipt {
    let log = try covered(journal)
    try Self.requireCovered(index < log.size, "entry \(index)", log)
    return try await work { () throws(JournalError) in
      let entry = try log.entry(at: index).bytes
      let proof = try log.receipt(for: index)
      try proof.verify(entry: entry, origin: journal.origin, keys: [journal.verifier])
      return Receipt(
        proof: String(decoding: proof.encoded, as: UTF8.self), entry: entry,
        verifierKey: journal.verifier.description)
    }
  }

  private func journal() throws(RPCError) -> Journal { try opening().journal }

  private func opening() throws(RPCError) -> Opening {
    switch state.withLock({ $0 }) {
    case .open(let opening): return opening
    case .withoutLog: throw RPCError(.failedPrecondition, "the server keeps no log: it was started without --data")
    case .opening:
      throw RPCError(
        .unavailable, "the server is not serving yet: it is replaying its log", retry: .after(milliseconds: 100))
    }
  }

  private func covered(_ journal: Journal) throws(RPCError) -> CoveredLog {
    guard let covered = journal.covered else { throw Self.beyond("the first checkpoint is not signed yet") }
    return covered
  }

  /// Runs `body` on the queue, unless too many wait for it already.
  private func work<Answer: Sendable>(
    _ body: @escaping @Sendable () throws(JournalError) -> Answer
  ) async throws(RPCError) -> Answer {
    defer { waiting.subtract(1, ordering: .relaxed) }
    guard waiting.add(1, ordering: .relaxed).newValue <= Self.maxWaitingCalls else {
      throw RPCError(
        .resourceExhausted, "\(Self.maxWaitingCalls) proofs are being waited for",
        retry: .after(milliseconds: 100))
    }
    let outcome: Result<Answer, JournalError> = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result { () throws(JournalError) in try body() }) }
    }
    do throws(JournalError) {
      return try outcome.get()
    } catch {
      throw RPCError(error)
    }
  }
}

extension LogService {
  private static func require(_ condition: Bool, _ field: String, _ violation: String) throws(RPCError) {
    guard !condition else { return }
    throw RPCError(
      .invalidArgument, "\(field) \(violation)", violations: [.init(field: field, description: violation)],
      retry: .never)
  }

  private static func requireCovered(_ condition: Bool, _ what: String, _ log: CoveredLog) throws(RPCError) {
    if !condition { throw beyond("\(what) is beyond the newest checkpoint, whose size is \(log.size)") }
  }

  private static func beyond(_ message: String) -> RPCError {
    RPCError(.outOfRange, message, retry: .after(milliseconds: 1_000))
  }
}

extension CoveredLog {
  /// No proof is handed out that does not hold.
  fileprivate func require(_ holds: Bool) throws(JournalError) {
    if !holds { throw JournalError(.checkpoint, "the tiles contradict the checkpoint of size \(size)") }
  }
}

extension RPCError {
  /// What the journal could not do, as the contract says it.
  fileprivate init(_ error: JournalError) {
    switch error.code {
    case .notFound: self.init(.outOfRange, error.message, retry: .after(milliseconds: 1_000))
    case .removed: self.init(.outOfRange, error.message, retry: .never)
    case .invalidArgument: self.init(.invalidArgument, error.message, retry: .never)
    case .damaged, .checkpoint: self.init(.dataLoss, "the log is damaged: \(error.message)", retry: .never)
    case .storage, .locked, .unsupported, .key: self.init(.unavailable, "the log cannot be read: \(error.message)")
    }
  }
}

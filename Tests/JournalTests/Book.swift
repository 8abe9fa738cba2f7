import Synchronization
import Testing

@testable import Journal

/// A journal on simulated storage, driven by hand, and the model that it is held against: what was appended, what was acknowledged.
final class Book {
  static let origin = "example.com/gatehouse"
  let storage: SimulatedStorage
  let parts: JournalParts
  private let acknowledged: Acknowledged
  /// All entries that ever got an index, by index.
  var model: [[UInt8]]
  /// The size and root of every checkpoint that was published.
  var checkpoints: [Checkpoint] = []

  final class Acknowledged: Sendable {
    let progress = Mutex<JournalProgress?>(nil)
  }

  static func limits(segmentBytes: UInt64 = 4096) -> JournalLimits {
    var limits = JournalLimits()
    limits.segmentBytes = segmentBytes
    limits.bufferBytes = 64 << 10
    return limits
  }

  init(
    _ storage: SimulatedStorage, model: [[UInt8]] = [], limits: JournalLimits = Book.limits(), checkFrom: UInt64 = 0,
    origin: String = Book.origin
  ) throws(JournalError) {
    self.storage = storage
    self.model = model
    let acknowledged = Acknowledged()
    self.acknowledged = acknowledged
    var configuration = JournalConfiguration(origin: origin)
    configuration.limits = limits
    configuration.checkFrom = checkFrom
    parts = try JournalParts.open(
      storage: storage, configuration: configuration,
      holder: LockHolder(process: 7, host: "here", startedMilliseconds: 1), now: { 1000 }, wake: {},
      progressed: { progress in acknowledged.progress.withLock { $0 = progress } }, walk: { _ in })
  }

  var writer: JournalWriter { parts.writer }

  /// What callers have been told; nothing yet means what was found at start.
  var told: JournalProgress {
    acknowledged.progress.withLock { $0 }
      ?? JournalProgress(
        writtenIndex: parts.recovery.endIndex, durableIndex: parts.recovery.endIndex, condition: .open)
  }

  @discardableResult
  func append(_ entry: [UInt8], durable: Bool = false) -> AppendResult {
    let split = entry.count / 3
    let result = entry.withUnsafeBytes { bytes in
      writer.append(
        UnsafeRawBufferPointer(rebasing: bytes[..<split]), UnsafeRawBufferPointer(rebasing: bytes[split...]),
        durable: durable)
    }
    if case .index(let index) = result {
      #expect(index == UInt64(model.count), "indexes are consecutive")
      model.append(entry)
    }
    return result
  }

  func write() {
    writer.commit()
    writer.drain()
  }

  /// One tick: retry, sync, publish.
  @discardableResult
  func tick() -> JournalError? {
    if writer.condition == .noSpace { writer.drain() }
    guard writer.makeDurable() else { return nil }
    do throws(JournalError) {
      if let published = try parts.publisher.publish(upTo: writer.durableIndex) {
        checkpoints.append(published.checkpoint)
      }
      return nil
    } catch { return error }
  }

  func entries(from index: UInt64 = 0) throws(JournalError) -> [[UInt8]] {
    var found: [[UInt8]] = []
    try JournalCursor(storage: storage, catalog: parts.catalog, from: index)
      .read(below: writer.writtenIndex) { found.append(Array($0.bytes)) }
    return found
  }

  /// Entries of a given number, different from each other, of lengths 0 to 300.
  static func entry(_ number: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: UInt64(number))
    return generator.bytes(number % 7 == 3 ? 0 : Int.random(in: 1...300, using: &generator))
  }
}

/// The root by RFC 6962's own recursion, slow and obvious.
func naiveRoot(_ leaves: ArraySlice<[UInt8]>) -> MerkleHash {
  if leaves.isEmpty { return MerkleTree.emptyRoot }
  if leaves.count == 1 { return MerkleTree.leaf(leaves[leaves.startIndex]) }
  var split = 1
  while split * 2 < leaves.count { split *= 2 }
  let middle = leaves.startIndex + split
  return MerkleTree.node(naiveRoot(leaves[..<middle]), naiveRoot(leaves[middle...]))
}

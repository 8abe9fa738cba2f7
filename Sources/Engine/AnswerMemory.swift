import Windows

/// Remembers the answer given to each activity id, so that a retry gets the first answer and is never counted twice.
///
/// First in, first out, in memory that is fixed when it is made: the oldest answer makes room for the newest, whether
/// the entries or the bytes run out first. Room that was never used costs address space only. An answer that had to go
/// before its retention was over is counted in `forgottenEarly`: the operator's sign to give more memory.
///
/// Confined to its shard's queue.
final class AnswerMemory {
  /// What is known of an id.
  enum Recall {
    /// Never seen, or forgotten; it is now reserved and must be answered or released.
    case new
    /// Reserved by a call that is not answered yet.
    case pending
    /// Answered before, for the same content; the bytes are valid until the next call on this memory.
    case answered(UnsafeRawBufferPointer)
    /// Seen before with other content.
    case conflict
  }

  /// 48 bytes; one for every remembered id, in the order of arrival.
  struct Entry {
    var id: Hash128
    var content: UInt64
    /// The end of the stream of answers when the id was reserved. Rises with the entries and is never beyond the
    /// entry's own answer, so an answer is whole as long as the oldest entry's mark is at most the ring's size behind
    /// the end.
    var mark: UInt64
    /// The answer begins at `mark + skip` in the stream; its place in the ring is that modulo the ring's size.
    var skip: UInt32
    var length: UInt32
    var createdAtSeconds: UInt32
    var state: State
  }

  enum State: UInt8 { case pending, answered, released }

  /// How many calls ahead the index is asked for the place of the entry that will have to go.
  private static let prefetchDistance: UInt64 = 16
  private static let minRingBytes = 2 * EvaluationScratch.maxAnswerBytes

  /// Ids answered before that had to be forgotten within the retention.
  private(set) var forgottenEarly: UInt64 = 0

  let entries: UnsafeMutablePointer<Entry>
  let entryCapacity: UInt64
  private let retentionSeconds: Int64
  private let index: PositionIndex
  let ring: UnsafeMutableRawPointer
  let ringCapacity: UInt64
  /// Entries `oldest..<newest` live, in the endless numbering; the place is the number modulo the capacity.
  var oldest: UInt64 = 0
  var newest: UInt64 = 0
  /// The end of the stream of answers.
  private var ringEnd: UInt64 = 0

  /// - Parameters:
  ///   - entries: how many ids are remembered at most, at least 1,024.
  ///   - bytes: how many bytes of answers at most, 2 MiB, which hold the longest answer, to 4 GiB.
  ///   - retentionSeconds: how long an answer should be remembered; only counted, see `forgottenEarly`.
  init(entries count: Int, bytes: Int, retentionSeconds: Int64) {
    entryCapacity = UInt64(max(1_024, count))
    ringCapacity = UInt64(min(max(Self.minRingBytes, bytes), 1 << 32))
    self.retentionSeconds = retentionSeconds
    entries = .allocate(capacity: Int(entryCapacity))
    ring = .allocate(byteCount: Int(ringCapacity), alignment: 16)
    index = PositionIndex(capacity: Int(entryCapacity))
  }

  deinit {
    entries.deallocate()
    ring.deallocate()
  }

  /// How many ids are remembered.
  var count: Int { Int(newest - oldest) }

  /// Brings the id's place closer to the CPU.
  func prefetch(_ id: Hash128) { index.prefetch(id) }

  /// Looks an id up and reserves it when it is new.
  func recall(_ id: Hash128, content: UInt64, now: Int64) -> Recall {
    if let place = find(id) {
      guard entries[place].content == content else { return .conflict }
      guard entries[place].state == .answered else { return .pending }
      return .answered(answer(atPlace: place))
    }
    if newest - oldest == entryCapacity {
      index.prefetch(entries[Int((oldest + Self.prefetchDistance) % entryCapacity)].id)
      forgetOldest(now: now)
    }
    let place = Int(newest % entryCapacity)
    entries[place] = Entry(
      id: id, content: content, mark: ringEnd, skip: 0, length: 0,
      createdAtSeconds: UInt32(clamping: now / 1_000), state: .pending)
    index.insert(id, position: UInt32(place))
    newest += 1
    return .new
  }

  /// Keeps the answer of a reserved id. An answer larger than the whole ring is not kept: the id is released.
  func remember(_ id: Hash128, answer: UnsafeRawBufferPointer, now: Int64) {
    guard let place = find(id), entries[place].state == .pending else { return }
    guard UInt64(answer.count) <= ringCapacity, let base = answer.baseAddress else { return release(id) }
    let number = self.number(ofPlace: place)
    var start = ringEnd
    let untilWrap = ringCapacity - start % ringCapacity
    if untilWrap < answer.count { start += untilWrap }
    let end = start + UInt64(answer.count)
    while oldest < number, end - entries[Int(oldest % entryCapacity)].mark > ringCapacity { forgetOldest(now: now) }
    guard end - entries[place].mark <= ringCapacity else { return release(id) }
    (ring + Int(start % ringCapacity)).copyMemory(from: base, byteCount: answer.count)
    entries[place].skip = UInt32(clamping: start - entries[place].mark)
    entries[place].length = UInt32(answer.count)
    entries[place].state = .answered
    ringEnd = end
  }

  /// Gives a reserved id back: its call was refused and nothing was counted.
  func release(_ id: Hash128) {
    guard let place = find(id), entries[place].state == .pending else { return }
    index.remove(id, position: UInt32(place))
    entries[place].state = .released
  }

  /// The bytes of an answer that is there.
  func answer(atPlace place: Int) -> UnsafeRawBufferPointer {
    let start = (entries[place].mark + UInt64(entries[place].skip)) % ringCapacity
    return UnsafeRawBufferPointer(start: ring + Int(start), count: Int(entries[place].length))
  }

  private func find(_ id: Hash128) -> Int? {
    var probe = index.probe(id)
    while let position = index.next(&probe) {
      if entries[Int(position)].id == id { return Int(position) }
    }
    return nil
  }

  private func number(ofPlace place: Int) -> UInt64 {
    let oldestPlace = oldest % entryCapacity
    let ahead = (UInt64(place) + entryCapacity - oldestPlace) % entryCapacity
    return oldest + ahead
  }

  private func forgetOldest(now: Int64) {
    let place = Int(oldest % entryCapacity)
    if entries[place].state != .released {
      index.remove(entries[place].id, position: UInt32(place))
      if now / 1_000 - Int64(entries[place].createdAtSeconds) < retentionSeconds { forgottenEarly += 1 }
    }
    oldest += 1
  }
}

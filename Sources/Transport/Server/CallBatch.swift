import Wire

/// The batched calls of one read round, and where their answers are written.
///
/// ```swift
/// for index in 0..<batch.count {
///   let call = batch[index]
///   let room = batch.beginReply(index, capacity: 256)
///   let count = answer(call.payload, into: room)
///   batch.endReply(index, byteCount: count)
/// }
/// ```
/// Every index is answered once, in rising order, by `beginReply`/`endReply`, `refuse` or `deferReply`. Nothing here
/// allocates except `refuse`. Answers lie behind one another, so that a connection's leave in one write.
public struct CallBatch: ~Copyable {
  /// How many calls.
  public let count: Int
  /// When they were read, in monotonic nanoseconds.
  public let arrival: UInt64
  /// The number of the I/O queue, 0 to `ServerConfiguration.ioQueues` − 1: what a handler keeps for each queue needs no lock.
  public let ioQueue: Int

  @usableFromInline let records: UnsafePointer<CallRecord>
  /// The write arena.
  @usableFromInline let arena: UnsafeMutableRawPointer
  @usableFromInline let arenaCapacity: Int
  @usableFromInline var used = 0
  /// Which connection's answers lie where; as many as a batch has connections.
  @usableFromInline let segments: UnsafeMutablePointer<ReplySegment>
  @usableFromInline var segmentCount = 0
  @usableFromInline var currentSlot = UInt32.max
  /// The next call to answer.
  @usableFromInline var next = 0
  // Unmanaged: the queue makes the batch, outlives it and is on the stack below the handler.
  private let queue: Unmanaged<ServerQueue>

  /// The longest answer that a batched call may have at once, in bytes.
  public static let maxReplyBytes = PeerHello.lowestMaxPayloadBytes

  init(
    _ queue: ServerQueue, records: UnsafePointer<CallRecord>, count: Int, arrival: UInt64,
    arena: UnsafeMutableRawPointer, arenaCapacity: Int, segments: UnsafeMutablePointer<ReplySegment>
  ) {
    self.queue = .passUnretained(queue)
    ioQueue = Int(queue.index)
    self.records = records
    self.count = count
    self.arrival = arrival
    self.arena = arena
    self.arenaCapacity = arenaCapacity
    self.segments = segments
  }

  /// The call at `index`, 0 to `count` − 1.
  @inlinable
  public subscript(index: Int) -> BatchedCall {
    precondition(index >= 0 && index < count, "no such call in the batch")
    return BatchedCall(records[index])
  }

  /// Room for the answer to the next call, at least `capacity` bytes, at most `maxReplyBytes`. Its contents are
  /// undefined; `endReply` says how much of it was written.
  @inlinable
  public mutating func beginReply(_ index: Int, capacity: Int) -> UnsafeMutableRawBufferPointer {
    precondition(index == next && index < count, "calls are answered once, in order")
    precondition(capacity >= 0 && capacity <= Self.maxReplyBytes, "an answer is at most maxReplyBytes long")
    if arenaCapacity &- used < capacity &+ FrameHeader.byteCount { flush() }
    return UnsafeMutableRawBufferPointer(start: arena + (used &+ FrameHeader.byteCount), count: capacity)
  }

  /// The first `byteCount` bytes of the room are the answer: the method's output, or with another status a `Status`.
  @inlinable
  public mutating func endReply(_ index: Int, status: StatusCode = .ok, byteCount: Int) {
    precondition(index == next && index < count, "calls are answered once, in order")
    precondition(
      byteCount >= 0 && byteCount &+ FrameHeader.byteCount <= arenaCapacity &- used, "the answer left its room")
    let record = records[index]
    let header = FrameHeader(.response, call: record.call, value: UInt32(status.rawValue), payloadByteCount: byteCount)
    header.store(to: arena + used)
    if record.slot != currentSlot { beginSegment(record.slot) }
    used &+= FrameHeader.byteCount &+ byteCount
    let segment = segments + (segmentCount &- 1)
    segment.pointee.end = used
    segment.pointee.answers &+= 1
    next = index &+ 1
  }

  /// Answers the next call with an error.
  public mutating func refuse(_ index: Int, _ error: RPCError) {
    queue._withUnsafeGuaranteedRef { $0.count(refusal: error.code) }
    let payload = error.payload.prefix(Self.maxReplyBytes)
    let room = beginReply(index, capacity: payload.count)
    room.copyBytes(from: payload)
    endReply(index, status: error.code, byteCount: payload.count)
  }

  /// Leaves the next call open, to be answered through `DeferredReplies` from any thread. It stays among its
  /// connection's calls in flight until then; every token must be answered once.
  public mutating func deferReply(_ index: Int) -> ReplyToken {
    precondition(index == next && index < count, "calls are answered once, in order")
    next = index + 1
    return queue._withUnsafeGuaranteedRef { $0.token(for: records[index]) }
  }

  @usableFromInline
  mutating func beginSegment(_ slot: UInt32) {
    segments[segmentCount] = ReplySegment(slot: slot, start: used, end: used, answers: 0)
    segmentCount &+= 1
    currentSlot = slot
  }

  /// Sends what was written so far: at the batch's end, and when the arena is full.
  @usableFromInline
  mutating func flush() {
    queue._withUnsafeGuaranteedRef {
      $0.send(UnsafeBufferPointer(start: segments, count: segmentCount), arena: UnsafeRawPointer(arena))
    }
    used = 0
    segmentCount = 0
    currentSlot = .max
  }
}

/// Who may append, what waits, and which buffer is whose: the part of the writer that appenders and the writer share, under one short lock.
///
/// Two buffers: one fills while the writer works on the other. Invariant: entries of `filling` follow those of the buffer
/// that is out, and `filling.endIndex` is the next index to give.
struct GroupCommit: ~Copyable {
  private var filling: BatchBuffer
  private var spare: BatchBuffer?
  private(set) var condition: JournalCondition = .open
  /// Below this index somebody waits for durability.
  private(set) var durableWanted: UInt64 = 0
  /// Room of `filling`, or of the buffer that takes its place, that was promised and not used yet.
  private var reservedBytes = 0
  /// The writer has been woken and has not yet found itself idle.
  private var isAwake = false

  init(firstIndex: UInt64, payloadBytes: Int) {
    filling = BatchBuffer(payloadBytes: payloadBytes)
    spare = BatchBuffer(payloadBytes: payloadBytes)
    filling.firstIndex = firstIndex
  }

  var nextIndex: UInt64 { filling.endIndex }

  mutating func append(
    _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, _ c: UnsafeRawBufferPointer, durable: Bool
  ) -> AppendResult {
    if let refusal { return refusal }
    let index = filling.endIndex
    let byteCount = a.count + b.count + c.count + BatchBuffer.entryHeaderBytes
    guard byteCount <= filling.room - reservedBytes else { return .full }
    guard filling.append(a, b, c) else { return .full }
    if durable { durableWanted = index + 1 }
    return .index(index)
  }

  /// Promises room for entries of `byteCount` bytes, their headers included; nil if it did.
  mutating func reserve(_ byteCount: Int) -> AppendResult? {
    if let refusal { return refusal }
    guard byteCount <= filling.room - reservedBytes else { return .full }
    reservedBytes += byteCount
    return nil
  }

  /// Appends entries that lie one behind the other, into room that was promised, and gives back what is left of it. A disk
  /// that has filled up since the promise is no reason to break it: what was promised is counted already. It is written when
  /// space returns.
  mutating func append(
    _ bytes: UnsafeRawBufferPointer, ends: UnsafeBufferPointer<Int>, reserved: Int, durable: Bool
  ) -> AppendResult {
    reservedBytes -= reserved
    if let refusal, refusal != .noSpace { return refusal }
    let index = filling.endIndex
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    var start = 0
    for end in ends {
      guard filling.append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), nothing, nothing) else { return .full }
      start = end
    }
    if durable { durableWanted = filling.endIndex }
    return .index(index)
  }

  /// Somebody waits for the entries below `index` to be durable; true if nobody did so far.
  mutating func want(durableBelow index: UInt64) -> Bool {
    let wanted = min(index, filling.endIndex)
    guard wanted > durableWanted else { return false }
    durableWanted = wanted
    return true
  }

  /// Why nothing is taken now; nil if something may be.
  private var refusal: AppendResult? {
    switch condition {
    case .open: nil
    case .noSpace: .noSpace
    case .failed, .closed: .failed
    }
  }

  /// Whether the writer has work and must be woken for it; the caller then wakes it.
  mutating func commit() -> Bool {
    guard !isAwake, filling.count > 0, condition == .open else { return false }
    isAwake = true
    return true
  }

  /// The filled buffer, to be given back with `recycle`; nil, and the writer may sleep, if there is nothing to write.
  mutating func take() -> BatchBuffer? {
    guard condition == .open, filling.count > 0, var taken = spare.take() else {
      isAwake = false
      return nil
    }
    taken.clear(firstIndex: filling.endIndex)
    swap(&taken, &filling)
    return taken
  }

  mutating func recycle(_ buffer: consuming BatchBuffer) { spare = consume buffer }

  /// The disk is full: refuse from now on. The writer keeps the buffer it could not write.
  mutating func refuse() {
    if condition == .open { condition = .noSpace }
    isAwake = false
  }

  /// Space has returned.
  mutating func resume() {
    if condition == .noSpace { condition = .open }
  }

  mutating func fail(_ error: JournalError) {
    if case .closed = condition { return }
    if case .failed = condition { return }
    condition = .failed(error)
    isAwake = false
  }

  mutating func close() {
    if case .failed = condition { return }
    condition = .closed
  }
}

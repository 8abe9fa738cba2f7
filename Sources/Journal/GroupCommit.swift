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
    switch condition {
    case .open: break
    case .noSpace: return .noSpace
    case .failed, .closed: return .failed
    }
    let index = filling.endIndex
    guard filling.append(a, b, c) else { return .full }
    if durable { durableWanted = index + 1 }
    return .index(index)
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

import Wire

/// The items of a stream that have come and not been taken, and the credit that taking them earns the server. A value.
///
/// A stream starts with a credit of `initialCredit` items (wire.md). Credit is granted again for items that were taken,
/// in lots of `lot`, so that a reader who stops stops the server with at most `initialCredit` items here, and one who
/// reads along never lets it run dry.
struct StreamBuffer: Sendable, Equatable {
  static let initialCredit = 16
  static let lot = initialCredit / 2

  /// What a reader finds.
  enum Next: Sendable, Equatable {
    /// An item; grant the server this many more, if any.
    case item([UInt8], grant: UInt32)
    /// The end: well, or with an error. Found again however often one looks.
    case end(RPCError?)
    /// Nothing yet.
    case wait
  }

  private var items: [[UInt8]] = []
  private var end: RPCError??
  private var taken = 0

  /// Whether a reader would have to wait.
  var isEmpty: Bool { items.isEmpty && end == nil }

  /// An item came. False if it is one more than was granted: the server breaks the protocol, and the stream ends with
  /// INTERNAL.
  mutating func push(_ item: [UInt8]) -> Bool {
    guard end == nil else { return true }
    guard items.count + taken < Self.initialCredit else {
      finish(RPCError(.internal, "the server sent more items than it was granted"))
      return false
    }
    items.append(item)
    return true
  }

  /// The server, the caller or the connection ended it; the first to say so counts. What has come can still be taken,
  /// unless the caller ended it.
  mutating func finish(_ error: RPCError?) {
    if end == nil { end = .some(error) }
    if error?.code == .cancelled { items = [] }
  }

  /// Takes the next item.
  mutating func next() -> Next {
    guard !items.isEmpty else { return end.map { .end($0) } ?? .wait }
    let item = items.removeFirst()
    taken += 1
    guard taken >= Self.lot, end == nil else { return .item(item, grant: 0) }
    defer { taken = 0 }
    return .item(item, grant: UInt32(taken))
  }
}

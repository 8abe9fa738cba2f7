import Wire

/// The answer to a call: the method's output, valid until the callback returns, or why not.
public typealias CallOutcome = Result<UnsafeRawBufferPointer, RPCError>

/// An open call at the client.
struct PendingCall: Sendable {
  enum Receiver: Sendable {
    case unary(@Sendable (CallOutcome) -> Void)
    case stream(ClientStreamHandler)
    /// Told already, by time or cancellation; the place is kept until the server has answered, for it counts the call
    /// as in flight until then.
    case nobody
  }

  var receiver: Receiver
  /// When it is over locally, in monotonic nanoseconds.
  var deadline: UInt64
  /// A stream's items since credit was last granted.
  var itemsSinceCredit: UInt32 = 0
}

/// What a stream's caller is told, on the connection's queue.
public struct ClientStreamHandler: Sendable {
  /// One output message, valid until it returns.
  public let item: @Sendable (UnsafeRawBufferPointer) -> Void
  /// The stream's end; nil when it ended well. The last that is told.
  public let end: @Sendable (RPCError?) -> Void
  /// Grants credit for each item once `item` has returned; otherwise `ClientConnection.grant` does.
  public let grantsAutomatically: Bool

  public init(
    grantsAutomatically: Bool = true, item: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
    end: @escaping @Sendable (RPCError?) -> Void
  ) {
    self.grantsAutomatically = grantsAutomatically
    self.item = item
    self.end = end
  }
}

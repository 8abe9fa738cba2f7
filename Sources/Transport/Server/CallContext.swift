import Wire

/// What a handler knows of its call beyond the payload.
public struct CallContext: Sendable, Hashable {
  /// The method's id.
  public let method: UInt16
  /// When the caller stops waiting, in monotonic nanoseconds; `.max` when it stated no time. The task is cancelled then.
  public let deadline: UInt64
  /// Who calls, as it named itself in HELLO.
  public let agent: String
}

/// Answers one call with the method's output, or throws what the caller is told.
public typealias UnaryHandler = @Sendable (CallContext, [UInt8]) async throws(RPCError) -> [UInt8]

/// Answers one call with a stream: what it sends arrives in order; returning ends it well, throwing tells the caller.
public typealias StreamHandler = @Sendable (CallContext, [UInt8], StreamWriter) async throws(RPCError) -> Void

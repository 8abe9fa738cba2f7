/// What a server bounds; the table of limits in `Protocol/wire.md`, with its defaults.
public struct ServerLimits: Sendable, Hashable {
  /// Time for magic and HELLO.
  public var handshakeTimeout: Duration = .seconds(5)
  /// The longest payload of one frame; 65,536 to 2³⁰.
  public var maxPayloadBytes = 4 << 20
  /// A frame that was begun must be finished within this.
  public var slowFrameTimeout: Duration = .seconds(30)
  /// Calls in flight on one connection.
  public var maxCallsInFlight = 1024
  /// Connections of the whole server; fewer when the process may not open so many descriptors (`DescriptorLimit`).
  public var maxConnections = 10_000
  /// Answers that one peer has not read; above it the connection is not read until half of them are gone.
  public var maxUnreadBytes = 1 << 20
  /// Answers that all peers of one I/O queue together have not read; the one that adds to more is closed.
  public var maxUnreadBytesOfAll = 256 << 20
  /// Unread answers must become fewer within this.
  public var stalledWriteTimeout: Duration = .seconds(30)
  /// A connection without open calls is closed after this.
  public var idleTimeout: Duration = .seconds(300)
  /// Silence after which a PING asks whether the peer lives.
  public var keepaliveInterval: Duration = .seconds(60)
  /// Time for any byte after that PING.
  public var keepaliveTimeout: Duration = .seconds(20)
  /// PINGs without a call between them: as many at once, and one more each second.
  public var maxPingBurst = 16
  /// CANCELs by which a connection may exceed its REQUESTs.
  public var maxSurplusCancels = 1024
  /// Time for a peer to take in the last words before the descriptor is closed.
  public var closeTimeout: Duration = .seconds(2)
  /// Bytes of unfinished frames kept for all connections of one I/O queue together.
  public var maxUnfinishedBytes = 64 << 20
  /// Calls that run as tasks at once, on one I/O queue.
  public var maxTasks = 1024
  /// Bytes of the requests of all of them together; at least `maxPayloadBytes`, or the longest request is never taken.
  public var maxTaskRequestBytes = 64 << 20
  /// Items and bytes of one stream that wait for credit or for the peer to read.
  public var maxStreamBacklogItems = 16
  public var maxStreamBacklogBytes = 256 << 10

  public init() {}
}

import Processors

/// How a server listens and what it bounds.
public struct ServerConfiguration: Sendable {
  /// Where to listen, all at once. Port 0 lets the system choose.
  public var endpoints: [Endpoint]
  /// The bounds, with the protocol's defaults.
  public var limits = ServerLimits()
  /// I/O queues, 1 to 64. Handlers run on them; more help only where cores are left idle.
  public var ioQueues = ServerConfiguration.defaultIOQueues
  /// What is said in HELLO of who this is: `gatehouse/0.1`. Limits are filled in from `limits`.
  public var agent: String
  /// The clock of deadlines and timeouts.
  public var clock = MonotonicClock.system
  /// Permissions of a Unix socket's file.
  public var unixPermissions: UInt32 = 0o660
  /// Connections the system holds until they are accepted.
  public var backlog: Int32 = 1024

  /// One for every two cores: what handlers leave to other threads needs the rest. Measured on two cores under Gatehouse with
  /// its log: a second queue brings 10 % more at 1,024 calls in flight and costs 20 % at 64, and a tail several times as
  /// long. Beyond four nothing has been measured.
  public static var defaultIOQueues: Int { min(4, max(1, ProcessorCount.available / 2)) }
  /// The most I/O queues.
  public static let maxIOQueues = 64

  public init(endpoints: [Endpoint], agent: String = "gatehouse") {
    self.endpoints = endpoints
    self.agent = agent
  }

  /// What the server says first.
  var hello: PeerHello {
    var hello = PeerHello(agent: agent)
    hello.maxPayloadBytes = UInt32(clamping: limits.maxPayloadBytes)
    hello.maxCallsInFlight = UInt32(clamping: limits.maxCallsInFlight)
    hello.idleTimeoutMilliseconds = UInt32(clamping: limits.idleTimeout.nanoseconds / 1_000_000)
    return hello
  }
}

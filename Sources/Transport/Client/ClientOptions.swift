/// How a client connects and what it bounds.
public struct ClientOptions: Sendable, Hashable {
  /// Time for name, connection, magic and HELLO together.
  public var connectTimeout: Duration = .seconds(5)
  /// Silence after which a PING asks whether the server lives.
  public var keepaliveInterval: Duration = .seconds(60)
  /// Time for any byte after that PING.
  public var keepaliveTimeout: Duration = .seconds(20)
  /// The longest answer that is accepted, in bytes; 65,536 to 2³⁰.
  public var maxPayloadBytes = 4 << 20
  /// Calls in flight; the server's own limit holds too. 1 to 65,536.
  public var maxCallsInFlight = 1024
  /// Requests that the server has not taken from us yet, in bytes.
  public var maxUnsentBytes = 8 << 20
  /// Who calls: `checkout/1.4`.
  public var agent = "gatehouse-client"

  public init() {}

  /// What the client says first.
  var hello: PeerHello {
    var hello = PeerHello(agent: agent)
    hello.maxPayloadBytes = UInt32(clamping: max(maxPayloadBytes, PeerHello.lowestMaxPayloadBytes))
    return hello
  }
}

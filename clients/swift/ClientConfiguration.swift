import Transport

/// Everything about a client that can be chosen. The defaults suit a service that asks before it charges.
public struct ClientConfiguration: Sendable {
  /// How the connection is protected.
  public enum Security: Sendable, Hashable {
    /// Not at all: for a loopback address, a Unix socket or a protected network.
    case plaintext
  }

  /// The servers, the preferred first. One is used at a time; when it is lost the next takes its place until it is lost
  /// in turn.
  public var servers: [Endpoint]
  /// How connections are protected.
  public var security = Security.plaintext
  /// Connections held open to the server in use, 1 … `connectionsLimit`. Calls are pipelined, so few are enough.
  public var connections = 2
  /// How long a call may take, retries included; also the time left that the server is told.
  public var timeout = Duration.milliseconds(50)
  /// What `evaluate` answers when no verdict came in time.
  public var fallback = Fallback.throw
  /// What a call does while there is no connection.
  public var whenDisconnected = Disconnected.wait
  /// Calls that may wait for a connection; one more fails with RESOURCE_EXHAUSTED.
  public var waitingCallsLimit = 16_384
  /// When a failed call is sent again.
  public var retry = RetryPolicy()
  /// The waits between attempts to connect, once every server was tried.
  public var reconnect = Backoff(base: .milliseconds(20), cap: .seconds(2))
  /// How long an attempt to connect may take.
  public var connectTimeout = Duration.seconds(2)
  /// How `record(_:)` buffers.
  public var records = RecordPolicy()
  /// Who is calling, for the server's logs: `checkout/1.4`. At most 128 bytes.
  public var agent = "gatehouse-swift/0.1"

  /// The most connections of one client.
  public static let connectionsLimit = 64

  /// - Parameter servers: one or more, the preferred first.
  public init(servers: [Endpoint]) { self.servers = servers }

  /// - Parameter servers: one or more, the preferred first: `host:port`, `[::1]:port` or `unix:/path`.
  /// - Throws: INVALID_ARGUMENT for an address in none of these forms.
  public init(servers: [String]) throws(GatehouseError) {
    var endpoints: [Endpoint] = []
    for server in servers { endpoints.append(try Endpoint(parsing: server)) }
    self.init(servers: endpoints)
  }
}

extension Endpoint {
  init(parsing text: String) throws(GatehouseError) {
    guard let endpoint = Endpoint(text) else {
      throw GatehouseError(
        .invalidArgument, "'\(text)' is no server's address: write host:port, [::1]:port or unix:/path")
    }
    self = endpoint
  }
}

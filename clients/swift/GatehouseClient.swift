@_exported import GatehouseProtocol
import Synchronization
import Transport
import Wire

/// A client of a Gatehouse server. One for each process is enough: it is safe to share, and its calls are pipelined
/// over a few connections that it keeps open by itself.
///
/// ```swift
/// let gatehouse = GatehouseClient(server: "127.0.0.1:7400", fallback: .allow)
/// let activity = Activity(customerID: "c-42", entity: "order", action: "create")
/// let verdict = try await gatehouse.evaluate(activity)
/// print(verdict.answer, verdict.messages)
/// await gatehouse.close()
/// ```
///
/// Every call ends within its timeout, 50 ms unless chosen otherwise, whatever the server does. It never waits for one
/// that cannot answer longer than that: see `Fallback` for what `evaluate` answers then, `RetryPolicy` for what is
/// tried before, `Disconnected` for calls without a connection.
///
/// Making a client connects in the background and never fails; an address that cannot be read is reported by every
/// call, as INVALID_ARGUMENT.
public final class GatehouseClient: Sendable {
  let core: ClientCore

  /// A client as configured.
  public convenience init(_ configuration: ClientConfiguration) {
    self.init(ClientCore(configuration, environment: .system()))
  }

  /// A client of one server.
  ///
  /// - Parameters:
  ///   - server: `host:port`, `[::1]:port` or `unix:/path`.
  ///   - connections: how many are held open.
  ///   - timeout: how long a call may take, retries included.
  ///   - fallback: what `evaluate` answers when no verdict came in time.
  public convenience init(
    server: String, connections: Int = 2, timeout: Duration = .milliseconds(50), fallback: Fallback = .throw
  ) {
    var configuration = ClientConfiguration(servers: [Endpoint]())
    configuration.connections = connections
    configuration.timeout = timeout
    configuration.fallback = fallback
    do throws(GatehouseError) {
      configuration.servers = [try Endpoint(parsing: server)]
      self.init(ClientCore(configuration, environment: .system()))
    } catch {
      self.init(ClientCore(configuration, environment: .system(), invalid: error))
    }
  }

  init(_ core: ClientCore) {
    self.core = core
    core.start()
  }

  deinit { core.shutDown() }

  /// What it has done so far.
  public var statistics: ClientStatistics { core.statistics }

  /// Delivers what was handed to `record(_:)`, waits for the calls under way, and closes the connections. Calls that
  /// begin meanwhile or later fail with CANCELLED.
  ///
  /// - Parameter limit: what is not done by then is given up: records are dropped, calls cancelled.
  public func close(within limit: Duration = .seconds(5)) async { await core.close(within: limit) }
}

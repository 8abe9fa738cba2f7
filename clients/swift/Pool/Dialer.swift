import Synchronization
import Transport

/// Opens connections; they share one I/O queue, made when the first is asked for.
final class Dialer: Sendable {
  private let options: ClientOptions
  private let queue = Mutex<ClientQueue?>(nil)

  init(_ configuration: ClientConfiguration) {
    var options = ClientOptions()
    options.agent = configuration.agent
    options.connectTimeout = configuration.connectTimeout
    self.options = options
  }

  /// Has `connection` told how it goes.
  /// - Throws: when the system is out of descriptors for the queue; the next attempt tries again.
  func open(_ connection: PooledConnection, to endpoint: Endpoint) throws(TransportError) {
    let queue = try queue.withLock { made throws(TransportError) -> ClientQueue in
      if let made { return made }
      let queue = try ClientQueue(label: "gatehouse.client")
      made = queue
      return queue
    }
    queue.connect(to: endpoint, options: options, handler: connection)
  }
}

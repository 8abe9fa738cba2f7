import Synchronization
import Wire

extension ClientConnection {
  /// Connects, opens, and waits for the server's HELLO.
  /// - Throws: UNAVAILABLE when nobody answers there, or nobody who speaks the protocol; FAILED_PRECONDITION when the
  ///   versions do not match.
  public static func connect(
    to endpoint: Endpoint, on queue: ClientQueue, options: ClientOptions = ClientOptions()
  ) async throws(RPCError) -> ClientConnection {
    let result = await withCheckedContinuation { continuation in
      let handler = ConnectionHandler(queue, options) { continuation.resume(returning: $0) }
      queue.connect(to: endpoint, options: options, handler: handler)
    }
    return try result.get()
  }
}

/// Between a channel and its connection: makes the connection when the channel is open.
private final class ConnectionHandler: ClientChannelHandler {
  private enum Stage: Sendable {
    case connecting(@Sendable (Result<ClientConnection, RPCError>) -> Void)
    case open(ClientConnection)
    case refused
  }

  private let queue: ClientQueue
  private let options: ClientOptions
  private let stage: Mutex<Stage>

  init(
    _ queue: ClientQueue, _ options: ClientOptions,
    _ connected: @escaping @Sendable (Result<ClientConnection, RPCError>) -> Void
  ) {
    self.queue = queue
    self.options = options
    stage = Mutex(.connecting(connected))
  }

  private var connection: ClientConnection? {
    stage.withLock { if case .open(let connection) = $0 { connection } else { nil } }
  }

  func opened(_ channel: ClientChannel, hello: PeerHello) {
    let connection = ClientConnection(channel, queue: queue, hello: hello, options: options)
    resolve(.success(connection), .open(connection))
  }

  func received(_ channel: ClientChannel, _ answers: AnswerBatch) { connection?.received(answers) }

  func timeReached(_ channel: ClientChannel, now: UInt64) { connection?.expireCalls(now: now) }

  func goingAway(_ channel: ClientChannel, lastCall: UInt32, _ error: RPCError) {
    if let connection { return connection.goAway(lastCall: lastCall, error) }
    refuse(error)
    channel.close()
  }

  func closed(_ channel: ClientChannel, _ error: RPCError) {
    if let connection { return connection.end(error) }
    refuse(error)
  }

  private func refuse(_ error: RPCError) {
    var error = error
    if error.code == .ok { error.code = .unavailable }
    error.neverStarted = true
    resolve(.failure(error), .refused)
  }

  private func resolve(_ result: Result<ClientConnection, RPCError>, _ next: Stage) {
    let waiting = stage.withLock { stage -> (@Sendable (Result<ClientConnection, RPCError>) -> Void)? in
      guard case .connecting(let connected) = stage else { return nil }
      stage = next
      return connected
    }
    waiting?(result)
  }
}

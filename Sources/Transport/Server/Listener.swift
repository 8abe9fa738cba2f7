@preconcurrency import Dispatch
import Glibc

/// One listening socket: accepts and hands over.
///
/// Out of descriptors, it gives up the one it holds in reserve to accept the connection that waits longest and tells it
/// so, then pauses; connections that are open are not disturbed.
final class Listener: @unchecked Sendable {
  // @unchecked: the mutable state is touched on `queue` only, which every entry point asserts.
  let endpoint: Endpoint
  private let socket: Socket
  private let queue: DispatchQueue
  /// Made by `start`: Dispatch does not allow a source to be let go that was never activated.
  private var source: (any DispatchSourceRead)?
  private let deliver: (Socket, ConnectionFailure?) -> Void
  private let ownedPath: String?
  private var reserve: Socket?
  private var isPaused = false
  private var isStopped = false

  /// Accepted without giving other work on the queue a chance.
  private static let maxAcceptsPerEvent = 64
  /// How long accepting rests when the system is exhausted.
  private static let pause: DispatchTimeInterval = .milliseconds(200)

  /// - Parameters:
  ///   - queue: serial; listeners may share it.
  ///   - deliver: takes over each connection, on `queue`; with a failure when it is to be told only that.
  init(
    _ endpoint: Endpoint, address: SocketAddress, configuration: ServerConfiguration, queue: DispatchQueue,
    deliver: @escaping (Socket, ConnectionFailure?) -> Void
  ) throws(TransportError) {
    do throws(Errno) {
      if case .unix(let path) = endpoint { try Self.removeStale(path, address) }
      socket = try Socket.listening(on: address, backlog: configuration.backlog)
    } catch {
      throw TransportError("listen on \(endpoint)", error)
    }
    self.queue = queue
    self.deliver = deliver
    if case .unix(let path) = endpoint {
      _ = chmod(path, configuration.unixPermissions)
      ownedPath = path
      self.endpoint = endpoint
    } else {
      ownedPath = nil
      self.endpoint = (try? socket.localAddress())?.endpoint ?? endpoint
    }
    reserve = Self.openReserve()
  }

  func start() {
    let source = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
    self.source = source
    source.setEventHandler { [self] in acceptWaiting() }
    let socket = socket
    source.setCancelHandler { socket.close() }
    source.activate()
  }

  /// Stops accepting; on `queue`, once, after `start`. Connections that wait in the backlog are reset by the system.
  func stop() {
    dispatchPrecondition(condition: .onQueue(queue))
    guard !isStopped else { return }
    isStopped = true
    if let ownedPath { _ = unlink(ownedPath) }
    // A suspended source must not be released, nor is its cancel handler called.
    if isPaused { source?.resume() }
    source?.cancel()
    reserve?.close()
    reserve = nil
  }

  /// Undoes the making of a listener that will not be started.
  func abandon() {
    if let ownedPath { _ = unlink(ownedPath) }
    socket.close()
    reserve?.close()
  }

  private func acceptWaiting() {
    dispatchPrecondition(condition: .onQueue(queue))
    for _ in 0..<Self.maxAcceptsPerEvent where !isStopped && !isPaused {
      do throws(Errno) {
        guard let accepted = try socket.accept() else { return }
        deliver(accepted, nil)
      } catch {
        recover(from: error)
      }
    }
  }

  /// EMFILE, ENFILE, ENOBUFS, ENOMEM: refuse one, readably, and rest. Others are the one connection's own fault.
  private func recover(from error: Errno) {
    guard [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.rawValue) else { return }
    reserve?.close()
    reserve = nil
    if let refused = try? socket.accept() { deliver(refused, .outOfDescriptors) }
    isPaused = true
    source?.suspend()
    queue.asyncAfter(deadline: .now() + Self.pause) { [self] in
      guard !isStopped else { return }
      if reserve == nil { reserve = Self.openReserve() }
      isPaused = false
      source?.resume()
    }
  }

  private static func openReserve() -> Socket? {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    return descriptor < 0 ? nil : Socket(descriptor: descriptor)
  }

  /// Removes a socket's file that nobody listens on any more; a live one is left for bind(2) to refuse.
  private static func removeStale(_ path: String, _ address: SocketAddress) throws(Errno) {
    let probe = try Socket.stream(family: AF_UNIX)
    defer { probe.close() }
    do throws(Errno) {
      _ = try probe.connect(to: address)
    } catch {
      if error.rawValue == ECONNREFUSED { _ = unlink(path) }
    }
  }
}

@preconcurrency import Dispatch
import Synchronization
import Wire

/// A server of Gatehouse's protocol.
///
/// ```swift
/// var methods = MethodTable()
/// methods.addBatched(1)
/// let server = RPCServer(configuration: ServerConfiguration(endpoints: [endpoint]), methods: methods, batchHandler: gate)
/// try server.start()
/// …
/// await server.drain(within: .seconds(10))
/// ```
public final class RPCServer: Sendable {
  private struct State {
    var queues: [ServerQueue] = []
    var listeners: [Listener] = []
    var phase = Phase.new
    var nextQueue = 0
  }

  private enum Phase { case new, running, stopped }

  private let configuration: ServerConfiguration
  private let methods: MethodTable
  private let batchHandler: any BatchHandler
  private let quota: ConnectionQuota
  private let acceptQueue = DispatchQueue(label: "gatehouse.accept", qos: .userInitiated)
  private let state = Mutex(State())

  /// - Parameter batchHandler: answers the methods that `methods` declares batched.
  public init(configuration: ServerConfiguration, methods: MethodTable, batchHandler: any BatchHandler) {
    self.configuration = configuration
    self.methods = methods
    self.batchHandler = batchHandler
    quota = ConnectionQuota(limit: min(configuration.limits.maxConnections, DescriptorLimit.maxConnections))
  }

  /// Listens and serves, once; returns where it listens, with the ports that the system chose.
  /// - Throws: when one endpoint cannot be listened on; then none is.
  @discardableResult
  public func start() throws(TransportError) -> [Endpoint] {
    let count = min(max(configuration.ioQueues, 1), ServerConfiguration.maxIOQueues)
    var queues: [ServerQueue] = []
    do throws(Errno) {
      for index in 0..<count {
        queues.append(
          try ServerQueue(
            index: UInt32(index), configuration: configuration, methods: methods, batchHandler: batchHandler,
            quota: quota))
      }
    } catch {
      throw TransportError("make an I/O queue", error)
    }
    let listeners = try makeListeners()
    state.withLock { state in
      precondition(state.phase == .new, "a server is started once")
      (state.queues, state.listeners, state.phase) = (queues, listeners, .running)
    }
    for queue in queues { queue.start() }
    for listener in listeners { listener.start() }
    return listeners.map(\.endpoint)
  }

  private func makeListeners() throws(TransportError) -> [Listener] {
    var listeners: [Listener] = []
    do throws(TransportError) {
      for endpoint in configuration.endpoints {
        for address in try SocketAddress.resolve(endpoint, passive: true) {
          listeners.append(
            try Listener(endpoint, address: address, configuration: configuration, queue: acceptQueue) {
              [unowned self] in assign($0, failure: $1)
            })
        }
      }
    } catch {
      for listener in listeners { listener.abandon() }
      throw error
    }
    return listeners
  }

  /// Gives a new connection to the I/O queue whose turn it is.
  private func assign(_ socket: Socket, failure: ConnectionFailure?) {
    var failure = failure
    switch quota.acquire() {
    case .take: break
    case .refuse: failure = failure ?? .tooManyConnections
    case .drop: return socket.close()
    }
    // Unix sockets have no delay to disable and refuse the option.
    try? socket.disableDelay()
    let queue = state.withLock { state in
      state.nextQueue = (state.nextQueue + 1) % state.queues.count
      return state.queues[state.nextQueue]
    }
    queue.mailbox.post(.adopt(socket, refusal: failure))
  }

  /// Answers deferred calls, from any thread: one hop for each I/O queue concerned, one write for each connection.
  public func complete(_ replies: DeferredReplies) {
    guard !replies.isEmpty else { return }
    let queues = state.withLock { $0.queues }
    guard queues.count > 1 else {
      queues.first?.mailbox.post(.complete(replies))
      return
    }
    for index in Set(replies.replies.map(\.token.queue)) where Int(index) < queues.count {
      queues[Int(index)].mailbox.post(.complete(replies))
    }
  }

  /// What was done so far; at most one round behind.
  public var counters: ServerCounters {
    state.withLock { $0.queues }.reduce(into: ServerCounters()) { sum, queue in
      sum += queue.published.withLock { $0 }
    }
  }

  /// Stops: accepts no more connections, sends GO_AWAY, answers every accepted call, closes. What is not over within
  /// the time is told UNAVAILABLE and closed. Returns when everything is closed; calling it again returns at once.
  public func drain(within time: Duration) async {
    let (queues, listeners) = state.withLock { state -> ([ServerQueue], [Listener]) in
      guard state.phase == .running else { return ([], []) }
      state.phase = .stopped
      return (state.queues, state.listeners)
    }
    guard !queues.isEmpty else { return }
    await onAcceptQueue { for listener in listeners { listener.stop() } }
    let latest = DispatchTime.now() + .nanoseconds(Int(min(time.nanoseconds, 1 << 62)))
    await withCheckedContinuation { done in
      let remaining = Mutex(queues.count)
      let empty: @Sendable () -> Void = {
        let left = remaining.withLock { count in
          count -= 1
          return count
        }
        if left == 0 { done.resume() }
      }
      for queue in queues { queue.mailbox.post(.drain(onEmpty: empty)) }
      acceptQueue.asyncAfter(deadline: latest) { for queue in queues { queue.mailbox.post(.abandon) } }
    }
    for queue in queues { queue.mailbox.post(.stop) }
  }

  private func onAcceptQueue(_ work: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { done in
      acceptQueue.async {
        work()
        done.resume()
      }
    }
  }
}

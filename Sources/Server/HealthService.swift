import GatehouseProtocol
import Synchronization
import Transport
import Wire

/// `Health.Check` and `Health.Watch`, with the meanings of grpc.health.v1.
final class HealthService: Sendable {
  private struct State {
    var status = HealthCheckResponse.ServingStatus.notServing
    var watchers: [UInt64: AsyncStream<HealthCheckResponse.ServingStatus>.Continuation] = [:]
    var nextWatcher: UInt64 = 0
    /// The state changes no more.
    var isFinal = false
    /// The server is going: nobody watches any longer.
    var isClosed = false

    mutating func set(_ status: HealthCheckResponse.ServingStatus) {
      guard !isFinal else { return }
      self.status = status
      for watcher in watchers.values { watcher.yield(status) }
    }

    mutating func fail() {
      set(.notServing)
      isFinal = true
    }
  }

  private let state = Mutex(State())
  private let services: Set<String>

  init() {
    // A method is named `package.Service/Method`.
    services = Set(GatehouseProto.methods.map { String($0.name.prefix { $0 != "/" }) } + [""])
  }

  /// Tells all who watch. Changes nothing after `fail` and `close`.
  func set(_ status: HealthCheckResponse.ServingStatus) { state.withLock { $0.set(status) } }

  /// Tells all who watch NOT_SERVING, for good: only a restart helps. Their streams go on.
  func fail() { state.withLock { $0.fail() } }

  /// Tells all who watch NOT_SERVING, for good, and ends their streams: whoever watches must not hold up a drain.
  func close() {
    state.withLock { state in
      state.fail()
      state.isClosed = true
      for watcher in state.watchers.values { watcher.finish() }
    }
  }

  func check(_ request: HealthCheckRequest) throws(RPCError) -> HealthCheckResponse {
    guard services.contains(request.service) else {
      throw RPCError(
        .notFound, "there is no service '\(request.service)'; the empty name asks for the server as a whole")
    }
    return HealthCheckResponse(status: state.withLock { $0.status })
  }

  func watch(
    _ request: HealthCheckRequest, send: (HealthCheckResponse) async throws(RPCError) -> Void
  ) async throws(RPCError) {
    let isKnown = services.contains(request.service)
    // Only the newest state matters to a slow reader.
    let (changes, continuation) = AsyncStream.makeStream(
      of: HealthCheckResponse.ServingStatus.self, bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = continuation
      continuation.yield(state.status)
      if state.isClosed { continuation.finish() }
      return state.nextWatcher
    }
    defer { state.withLock { _ = $0.watchers.removeValue(forKey: number) } }
    var told: HealthCheckResponse.ServingStatus?
    for await status in changes {
      // As in grpc.health.v1, a service that does not exist is said to be unknown, once, and the stream goes on.
      let status = isKnown ? status : .serviceUnknown
      if status != told { try await send(HealthCheckResponse(status: status)) }
      told = status
    }
  }
}

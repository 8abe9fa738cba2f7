import GatehouseProtocol

/// The states of a server, the present one first and then every change; to be read by one task.
///
/// It survives the connection: while nobody answers the state is `.unknown`, and once a server does it goes on. It ends
/// when the client is closed, the task is cancelled, or the server has no `Health.Watch`. A reader that is slow may
/// miss a state that was soon followed by another, never the latest.
public struct HealthUpdates: AsyncSequence, Sendable {
  public typealias Element = HealthCheckResponse.ServingStatus
  public typealias Failure = Never

  let core: ClientCore
  let service: String

  public func makeAsyncIterator() -> Iterator { Iterator(core: core, service: service) }

  /// Reads the states.
  public struct Iterator: AsyncIteratorProtocol {
    let core: ClientCore
    let service: String
    private var stream: ResponseStream<HealthCheckResponse>.Iterator?
    private var latest: Element?
    private var failures = 0
    private var hasEnded = false

    init(core: ClientCore, service: String) {
      self.core = core
      self.service = service
    }

    /// The next state; nil at the end.
    public mutating func next(isolation actor: isolated (any _Concurrency.Actor)?) async -> Element? {
      while !hasEnded {
        let state = await readOne(isolation: actor)
        if let state, state != latest {
          latest = state
          return state
        }
      }
      return nil
    }

    /// The next state; nil at the end.
    public mutating func next() async -> Element? { await next(isolation: nil) }

    /// One state of the stream, or `.unknown` when it broke; nil when there is nothing to tell.
    private mutating func readOne(isolation actor: isolated (any _Concurrency.Actor)?) async -> Element? {
      do throws(GatehouseError) {
        if stream == nil {
          if failures > 0 { try await core.pause(beforeAttempt: failures - 1) }
          let request = HealthCheckRequest(service: service)
          stream = try core.stream(HealthMethods.watch, request, CallOptions()).makeAsyncIterator()
        }
        if let response = try await stream?.next(isolation: actor) {
          failures = 0
          return response.status
        }
      } catch {
        hasEnded = error.code == .cancelled || error.advice == .mendTheSetup || error.advice == .mendTheRequest
      }
      failures += 1
      stream = nil
      return hasEnded ? nil : .unknown
    }
  }
}

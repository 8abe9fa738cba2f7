import Engine
import GatehouseProtocol
import Synchronization
import Wire

/// `Rules.Explain`: what the rules in force make of an activity, for people.
final class RuleInsight: Sendable {
  private let explainer = Mutex<Explainer?>(nil)
  private let now: @Sendable () -> Int64

  /// - Parameter now: the server's clock, Unix milliseconds.
  init(now: @escaping @Sendable () -> Int64) { self.now = now }

  /// Begins to serve.
  func open(_ engine: Engine) { explainer.withLock { $0 = Explainer(engine) } }

  func explain(_ request: ExplainRequest) throws(RPCError) -> Explanation {
    guard let explainer = explainer.withLock({ $0 }) else { throw Self.closed }
    return try explainer.explain(request.activity, now: now())
  }

  private static let closed = RPCError(
    .unavailable, "the server is not serving yet: it is replaying its log", retry: .after(milliseconds: 100))
}

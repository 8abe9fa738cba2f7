import Engine
import GatehouseProtocol
import Synchronization
import Wire

/// `Rules.Explain` and `Rules.GetRuleStatistics`: what the rules in force make of an activity, and have made of all.
final class RuleInsight: Sendable {
  private struct Opening {
    let engine: Engine
    let explainer: Explainer
    /// When the server began to judge, Unix milliseconds.
    let openedAt: Int64
  }

  private let opening = Mutex<Opening?>(nil)
  private let now: @Sendable () -> Int64

  /// - Parameter now: the server's clock, Unix milliseconds.
  init(now: @escaping @Sendable () -> Int64) { self.now = now }

  /// Begins to serve.
  func open(_ engine: Engine) {
    let opened = Opening(engine: engine, explainer: Explainer(engine), openedAt: now())
    opening.withLock { $0 = opened }
  }

  func explain(_ request: ExplainRequest) throws(RPCError) -> Explanation {
    try opened().explainer.explain(request.activity, now: now())
  }

  func statistics() throws(RPCError) -> RuleStatisticsResponse {
    let opened = try opened()
    return opened.engine.ruleStatistics(since: opened.openedAt)
  }

  private func opened() throws(RPCError) -> Opening {
    guard let opened = opening.withLock({ $0 }) else { throw Self.closed }
    return opened
  }

  private static let closed = RPCError(
    .unavailable, "the server is not serving yet: it is replaying its log", retry: .after(milliseconds: 100))
}

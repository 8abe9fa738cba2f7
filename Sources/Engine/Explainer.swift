import GatehouseProtocol
import Synchronization
import Wire

/// Explains decisions to those who ask now and then: one for each engine. It asks the shards as any call does, one hop
/// each, and evaluates on the caller's thread; calls that decide do not notice it.
public final class Explainer: Sendable {
  /// Explanations are given one after the other.
  private let evaluator: Mutex<Evaluator>

  public init(_ engine: Engine) { evaluator = Mutex(engine.makeEvaluator(isCounted: false)) }

  /// What Evaluate in `CHECK` mode would answer, and how every rule of the activity's kind came out.
  ///
  /// - Parameter now: the server's clock, Unix milliseconds.
  /// - Throws: the refusal, as of Evaluate; RESOURCE_EXHAUSTED when the explanation is larger than an answer can be.
  public func explain(_ activity: Activity?, now: Int64) throws(RPCError) -> Explanation {
    let explanation = evaluator.withLock { evaluator -> Result<Explanation, RPCError> in
      do throws(RPCError) {
        return .success(try evaluator.explain(activity, now: now))
      } catch {
        return .failure(error)
      }
    }
    return try explanation.get()
  }
}

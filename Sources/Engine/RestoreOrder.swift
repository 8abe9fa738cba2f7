/// Keeps the log's order among evaluators that restore side by side: they read their chunks at the same time, and count and remember
/// them one behind the other.
///
///     let order = RestoreOrder()
///     let place = order.next()        // for each chunk, in the log's order
///     try evaluator.restore(chunk, behind: nil, at: place)
///
/// Chunks must be begun in the order of their places, or those who wait for one that nobody has begun wait for ever.
public final class RestoreOrder: Sendable {
  let counting = Turnstile()
  let remembering = Turnstile()

  public init() {}

  /// A chunk's place, behind all that were given before. It must be used, once.
  public func next() -> Place {
    Place(order: self, counting: counting.takeTicket(), remembering: remembering.takeTicket())
  }

  /// A chunk's place in the order.
  public struct Place: Sendable {
    fileprivate let order: RestoreOrder
    fileprivate let counting: UInt32
    fileprivate let remembering: UInt32

    func count(_ body: () -> Void) {
      order.counting.enter(counting)
      body()
      order.counting.leave()
    }

    func remember(_ body: () -> Void) {
      order.remembering.enter(remembering)
      body()
      order.remembering.leave()
    }
  }
}

import GatehouseProtocol
import Rules

/// Rules that tell what was counted: one rule fires always and shows the count of a card's orders.
enum Counting {
  static let text = """
    counter orders = count of order.create by card.fingerprint
    rule seen
      on order.create
      when orders over 1h > 0
      then friction "{orders over 1h}"
    rule deep
      on order.create
      when orders over 1h > 100
      then access_blocked
    """

  static func rules() throws -> RuleSet { try TestRules.compile(text) }

  /// An order with a card.
  static func order(id: String = "", card: String = "card", at time: Int64? = nil, reason: String = "") -> Activity {
    Activity(
      id: id, occurredAt: time, entity: "order", action: "create", reason: reason, card: Card(fingerprint: card))
  }
}

extension TestGate {
  /// How many orders of the card are counted: what a CHECK sees, less the one that it asks about.
  func counted(card: String = "card", now: Int64 = noon) throws -> Int64 {
    let decision = try evaluate(Counting.order(card: card), .check, now: now)
    return (decision.fired.last?.observations.first?.value ?? 0) - 1
  }
}

import GatehouseClient

/// Rules that tell what was counted, and block beyond a limit.
enum Counting {
  static func rules(limit: Int, aggregate: String = "count") -> String {
    """
    counter orders = \(aggregate) of order.create by card.fingerprint
    rule limit
      on order.create
      when orders over 1h > \(limit)
      then access_blocked
    rule seen
      on order.create
      when orders over 1h > 0
      then suspect_activity
    rule deep
      on order.create
      when orders over 1h > 1000
      then friction
      mode shadow
    """
  }

  /// Blocks the cards of a list file.
  static let listed = """
    list bad of text from "bad.txt"
    rule listed
      on order.create
      when card.fingerprint in bad
      then access_blocked
    """

  static func order(id: String = "", card: String = "card", at time: Int64? = nil, reason: String = "") -> Activity {
    Activity(
      id: id, occurredAt: time, entity: "order", action: "create", reason: reason, card: Card(fingerprint: card))
  }
}

extension GatehouseClient {
  /// How many orders of the card are counted: what a CHECK sees, less the one that it asks about.
  func counted(card: String = "card") async throws -> Int64 {
    let seen = try await decide(Counting.order(card: card), .check).fired.first { $0.rule == "seen" }
    return (seen?.observations.first?.value ?? 0) - 1
  }
}

/// Rules files of any size, of the kinds of counters and conditions that the shipped rules have.
enum SweepRules {
  private static let groups = [
    "card.fingerprint", "customer_id", "membership.id", "client_ip", "client_ip/24", "customer_id, card.fingerprint",
  ]
  private static let aggregates = [
    "count of order.create", "distinct location.country of order.create", "distinct client_ip of order.create",
    "count of order.create where not was_successful", "sum amount of order.create",
    "distinct location.time_zone of order.create where amount.minor_units > 100",
  ]
  private static let fields = [
    "location.country != home.country", "amount > 900.00 USD", "hour between 1 and 5", "reason == \"cvv_failed\"",
    "membership.started_at within 30d", "client_ip in (\"10.0.0.0/8\", \"192.0.2.0/24\")", "not was_successful",
    "location.country in (\"AA\", \"BB\", \"CC\")",
  ]

  /// `rules` rules over `counters` counters, each rule of one or two counters and sometimes a field.
  static func text(rules: Int, counters: Int) -> String {
    let declared = (0..<counters).map { "counter c\($0) = \(aggregate($0)) by \(group($0))" }
    let judged = (0..<rules).map { rule(number: $0, counters: counters) }
    return (declared + judged).joined(separator: "\n")
  }

  private static func isSum(_ counter: Int) -> Bool { counter % aggregates.count == 4 }

  /// No two counters have one definition.
  private static func aggregate(_ counter: Int) -> String {
    let base = aggregates[counter % aggregates.count]
    let other = counter / (aggregates.count * groups.count)
    return other == 0 ? base : base + (base.contains("where") ? " and" : " where") + " amount.minor_units > \(other)"
  }

  private static func group(_ counter: Int) -> String {
    let group = groups[(counter / aggregates.count + counter) % groups.count]
    return isSum(counter) ? "\(group), amount.currency" : group
  }

  private static func rule(number: Int, counters: Int) -> String {
    let first = reading(number % counters, number)
    let condition =
      switch number % 4 {
      case 0: first
      case 1: "\(fields[number % fields.count]) and \(first)"
      case 2: "\(first) and \(reading((number * 7 + 3) % counters, number + 1))"
      default: "\(first) or (\(fields[number % fields.count]) and \(reading((number * 5 + 1) % counters, number)))"
      }
    return """
      rule r\(number)
        on order.create
        when \(condition)
        then \(["friction", "access_blocked", "suspect_activity"][number % 3]) "rule \(number)"
      """
  }

  private static func reading(_ counter: Int, _ salt: Int) -> String {
    let window = ["1h", "4h", "24h", "48h"][(counter + salt) % 4]
    return "c\(counter) over \(window) > " + (isSum(counter) ? "100000.00 USD" : "\(5 + salt % 4)")
  }

  /// One rule over one counter that keeps what `aggregate` needs.
  static func one(_ aggregate: String, _ comparison: String) -> String {
    """
    counter c = \(aggregate) of order.create by card.fingerprint, amount.currency
    rule r
      on order.create
      when c over 48h \(comparison)
      then friction
    """
  }
}

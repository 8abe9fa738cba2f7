import GatehouseClient

/// Random activities of a few customers and cards, some late, some of them twice; and probes that see every window of theirs.
struct Traffic {
  private var random: SeededRandom
  private let now: Int64
  private var number = 0

  init(seed: UInt64, now: Int64) {
    random = SeededRandom(seed: seed)
    self.now = now
  }

  /// - Parameter prefix: of the activity's id.
  mutating func next(_ prefix: String = "") -> Activity {
    number += 1
    var activity = random.one(of: [order(), order(), login(), method(), Activity(entity: "ticket", action: "open")])
    activity.id = "\(prefix)id-\(number)"
    activity.occurredAt = random.one(of: [nil, now, now - 1, now - 3_600_000, now - Int64(random.next() % 160_000_000)])
    return activity
  }

  /// Calls that are recorded, as the flip of a coin says.
  mutating func isJudged() -> Bool { random.next() % 4 != 0 }

  private mutating func order() -> Activity {
    Activity(
      entity: "order", action: "create", wasSuccessful: random.one(of: [nil, true, false]), reason: "cvv_failed",
      clientIP: random.one(of: ["203.0.113.1", "203.0.113.1", "2001:db8::1"]),
      location: Location(country: random.one(of: ["US", "US", "CA"]), timeZone: "America/Chicago"),
      card: Card(fingerprint: random.one(of: Self.cards)),
      membership: Membership(id: random.one(of: Self.memberships), startedAt: now - 86_400_000))
  }

  private mutating func login() -> Activity {
    Activity(
      customerID: random.one(of: Self.customers), entity: "customer", action: "login",
      wasSuccessful: random.one(of: [true, false, false]), location: Location(country: "US", region: "FL"),
      home: Location(country: "US", region: "OK"))
  }

  private mutating func method() -> Activity {
    Activity(customerID: random.one(of: Self.customers), entity: "payment_method", action: "create")
  }

  private static let cards = (0..<12).map { "card-\($0)" }
  private static let memberships = (0..<12).map { "member-\($0)" }
  private static let customers = (0..<30).map { "customer-\($0)" }

  /// At least one activity for every key of every counter, each at several times.
  static func probes(now: Int64) -> [Activity] {
    let orders = zip(cards, memberships).map { card, membership in
      Activity(
        entity: "order", action: "create", wasSuccessful: false, reason: "cvv_failed", clientIP: "203.0.113.1",
        location: Location(country: "US", timeZone: "America/Chicago"), card: Card(fingerprint: card),
        membership: Membership(id: membership, startedAt: now - 86_400_000))
    }
    let logins = customers.map {
      Activity(customerID: $0, entity: "customer", action: "login", wasSuccessful: false)
    }
    let methods = customers.map { Activity(customerID: $0, entity: "payment_method", action: "create") }
    return (orders + logins + methods).flatMap { activity in
      [now - 1_800_000, now + 30_000].map { time in
        var activity = activity
        activity.occurredAt = time
        return activity
      }
    }
  }
}

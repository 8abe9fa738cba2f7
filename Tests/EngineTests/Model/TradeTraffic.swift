import GatehouseProtocol

/// Random activities of a few customers, cards and memberships, so that they often meet: late, of one millisecond, with
/// fields missing.
struct TradeTraffic {
  private var random: SeededRandom
  private(set) var now: Int64
  private var number = 0

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    // From a random hour of a random day, so that clocks change now and then.
    now = TestGate.noon - Int64(random.next() % 9_000) * TestRules.hour
  }

  mutating func chance(of one: UInt64) -> Bool { random.next() % one == 0 }

  mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  private mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  /// A new activity; the server's clock has moved on by between nothing and hours.
  mutating func next() -> Activity {
    now += one(of: [0, 0, 0, 1, 500, 60_000, 1_200_000, 7 * TestRules.hour])
    number += 1
    var activity = one(of: [order(), order(), order(), login(), paymentMethod(), other()])
    activity.id = chance(of: 3) ? "" : "id-\(number)"
    activity.occurredAt = time()
    return activity
  }

  private mutating func time() -> Int64? {
    switch below(8) {
    case 0: nil
    case 1: now + Int64(below(60_001))
    case 2: now - Int64(below(3)) * TestRules.hour
    case 3: now - Int64(below(60 * Int(TestRules.hour)))
    case 4: now - TestRules.lateness - Int64(below(3)) + 1
    default: now - Int64(below(5))
    }
  }

  private mutating func order() -> Activity {
    let start = now - Int64(below(60)) * 24 * TestRules.hour
    let place = Location(country: one(of: ["US", "US", "CA", ""]), timeZone: one(of: ["America/Chicago", ""]))
    return Activity(
      customerID: one(of: ["c1", "c2", ""]), entity: "order", action: "create",
      wasSuccessful: one(of: [nil, true, false]),
      reason: one(of: ["", "cvv_failed", "cvv_failed", "insufficient_funds"]),
      clientIP: one(of: ["203.0.113.1", "203.0.113.1", "203.0.113.1", "2001:db8::1", ""]),
      location: one(of: [nil, place]),
      card: one(of: [nil, Card(fingerprint: one(of: ["k1", "k2", "k3"]))]),
      membership: one(of: [nil, Membership(id: one(of: ["m1", "m2", ""]), startedAt: one(of: [nil, start]))]))
  }

  private mutating func login() -> Activity {
    Activity(
      customerID: one(of: ["c1", "c2", "c3", ""]), entity: "customer", action: "login",
      wasSuccessful: one(of: [nil, true, false, false]), location: place(), home: place())
  }

  private mutating func place() -> Location? {
    one(of: [nil, Location(country: one(of: ["US", "CA", ""]), region: one(of: ["FL", "OK", ""]))])
  }

  private mutating func paymentMethod() -> Activity {
    Activity(customerID: one(of: ["c1", "c2", "c3", ""]), entity: "payment_method", action: "create")
  }

  private mutating func other() -> Activity { Activity(customerID: "c1", entity: "order", action: "cancel") }
}

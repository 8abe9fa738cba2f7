import GatehouseClient
import Rules
import Testing
import Wire

@testable import Server

@Suite("Of simultaneous calls every aggregate decides as if they came one by one", .serialized)
struct AggregateTests {
  /// A counter and the condition on it that blocks; what the calls on one key say.
  enum Aggregate: String, CaseIterable, Sendable {
    case count, rate, distinct, sum, average, minimum, maximum, first, last, timeSince

    var counter: String {
      switch self {
      case .count: "count of order.create"
      case .rate: "rate of order.create"
      case .distinct: "distinct location.country of order.create"
      case .sum: "sum amount.minor_units of order.create"
      case .average: "average amount.minor_units of order.create"
      case .minimum: "min amount.minor_units of order.create"
      case .maximum: "max amount.minor_units of order.create"
      case .first: "first location.country of order.create"
      case .last: "last location.country of order.create"
      case .timeSince: "time since order.create"
      }
    }

    var condition: String {
      switch self {
      case .count, .distinct, .sum: "c over 1h > \(AggregateTests.limit)"
      case .rate: "c over 1h > \(AggregateTests.limit) per hour"
      // The seed is shared by itself and the calls: with more than `limit` of them its share is too small.
      case .average: "c over 1h < \(AggregateTests.seed / Int64(AggregateTests.limit + 1))"
      case .minimum: "c over 1h < 5"
      case .maximum: "c over 1h > 5"
      case .first, .last: "c over 1h != location.country"
      case .timeSince: "c over 1h < 30m"
      }
    }

    /// How many of the calls on one key pass, in whatever order they are taken; nil where that depends on the order.
    var passing: Int? {
      switch self {
      case .count, .rate, .distinct, .sum, .average: AggregateTests.limit
      case .first, .last, .timeSince: 1
      case .minimum, .maximum: nil
      }
    }

    func amount(of call: Int) -> Int64 {
      switch self {
      case .average: 0
      case .minimum, .maximum: Int64(call * 7 % AggregateTests.callsOnKey)
      default: 1
      }
    }

    var rules: String {
      "counter c = \(counter) by card.fingerprint\nrule limit\n  on order.create\n  when \(condition)\n  then access_blocked\n"
    }
  }

  static let limit = 3
  static let seed: Int64 = 1_200
  static let callsOnKey = 12
  private static let keys = 20
  private static let clients = 4

  /// A call and its answer.
  private struct Answered: Sendable {
    let activity: Activity
    let decision: Decision
  }

  @Test(
    "exactly as many pass as may, also while rules are applied in the middle", arguments: Aggregate.allCases,
    [false, true])
  func exactly(aggregate: Aggregate, isReloaded: Bool) async throws {
    let house = try House(rules: aggregate.rules)
    let answered = try await house.serve(data: house.dataPath, ioQueues: 4) { served in
      var answered = try await Self.seeded(served, aggregate)
      for half in [0..<Self.callsOnKey / 2, Self.callsOnKey / 2..<Self.callsOnKey] {
        // One before each half, so that the halves are certain to see different rules.
        if isReloaded { try await Self.change(served, aggregate, "r\(half.lowerBound)") }
        async let more = Self.call(served, aggregate, half)
        for round in 0..<(isReloaded ? 6 : 0) {
          try await Self.change(served, aggregate, "r\(half.upperBound)_\(round)")
        }
        answered += try await more
      }
      return answered
    }
    for (card, calls) in Dictionary(grouping: answered, by: { $0.activity.card?.fingerprint ?? "" }) {
      let passed = calls.count { $0.decision.outcome == .none && $0.activity.reason != "seed" }
      if let passing = aggregate.passing { #expect(passed == passing, "\(card)") }
    }
    if isReloaded { #expect(Set(answered.map(\.decision.ruleSetVersion)).count > 1, "the rules changed in the middle") }
    try Self.expectOneByOne(answered, aggregate)
  }

  /// A plain model, given the activities in the order of the log, decides and observes the same.
  private static func expectOneByOne(_ answered: [Answered], _ aggregate: Aggregate) throws {
    let file = SourceFile(name: "limit", text: aggregate.rules)
    var rehearsal = Rehearsal(try #require(RuleCompiler(digest: { _ in "" }).compile(file).ruleSet))
    for call in answered.sorted(by: { ($0.decision.logIndex ?? 0) < ($1.decision.logIndex ?? 0) }) {
      let expected = rehearsal.judge(SampleActivity(call.activity))
      let rules = call.decision.fired.map(\.rule)
      #expect(rules == expected.fired.map(\.rule), "entry \(call.decision.logIndex ?? 0)")
      #expect(
        call.decision.fired.flatMap(\.observations).map(\.value)
          == expected.fired.flatMap(\.observations).map(\.value), "entry \(call.decision.logIndex ?? 0)")
    }
  }

  /// Applies the rules with one more, of this name.
  private static func change(_ served: Served, _ aggregate: Aggregate, _ name: String) async throws {
    try await served.client.apply(aggregate.rules + "rule \(name)\n on x.y\n when true\n then allow")
  }

  private static let now = unixMilliseconds()

  /// A call on every key that the average is seeded with.
  private static func seeded(_ served: Served, _ aggregate: Aggregate) async throws -> [Answered] {
    var answered: [Answered] = []
    for key in 0..<keys where aggregate == .average {
      var first = order(key, 0, aggregate)
      first.amount = Money(minorUnits: seed, currency: "USD")
      first.reason = "seed"
      answered.append(Answered(activity: first, decision: try await served.client.decide(first)))
    }
    return answered
  }

  /// Calls on every key from several clients at once.
  private static func call(_ served: Served, _ aggregate: Aggregate, _ calls: Range<Int>) async throws -> [Answered] {
    let clients = (0..<clients).map { _ in House.client(of: served.endpoints, connections: 4) }
    let answered = try await withThrowingTaskGroup(of: Answered.self) { group in
      for call in calls {
        for key in 0..<keys {
          let client = clients[(call + key) % clients.count]
          let order = order(key, call, aggregate)
          group.addTask { Answered(activity: order, decision: try await client.decide(order)) }
        }
      }
      return try await group.reduce(into: [Answered]()) { $0.append($1) }
    }
    for client in clients { await client.close() }
    return answered
  }

  private static func order(_ key: Int, _ call: Int, _ aggregate: Aggregate) -> Activity {
    var order = Counting.order(card: "card-\(key)", at: now)
    order.location = Location(country: "A" + String(UnicodeScalar(UInt8(65 + call))))
    order.amount = Money(minorUnits: aggregate.amount(of: call), currency: "USD")
    return order
  }
}

extension SampleActivity {
  /// The fields that these rules look at.
  fileprivate init(_ order: Activity) {
    self.init(
      kind: "order.create", time: order.occurredAt ?? 0,
      fields: [
        "card.fingerprint": .text(order.card?.fingerprint ?? ""),
        "location.country": .text(order.location?.country ?? ""),
        "amount.minor_units": .integer(order.amount?.minorUnits ?? 0),
      ])
  }
}

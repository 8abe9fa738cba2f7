import Foundation
import GatehouseProtocol

/// The nine shipped rules, written out by hand and slowly, from what their text says.
struct TradeModel {
  /// What a rule saw: the counter's name, the window in hours, the true value, and what it is compared with.
  struct Seen: Equatable {
    let counter: String
    let hours: Int64
    let value: Int64
    let threshold: Int64
  }

  struct Fired: Equatable {
    let rule: String
    let effect: Effect
    let seen: [Seen]
  }

  struct Unevaluated: Equatable {
    let rule: String
    let effect: Effect
    let missing: String
  }

  struct Outcome {
    var fired: [Fired] = []
    var unevaluated: [Unevaluated] = []
    /// A key whose windows may have been forgotten is read by an activity that is too late to count: both answers are right.
    var isOpen = false
  }

  /// A counter's reading; nil with the missing field's name when there is none.
  private enum Reading {
    case value(Int64)
    case missing(String)
  }

  private struct Counted {
    let counter: String
    let key: String
    let event: PlainCounter.Event
  }

  private static let hour: Int64 = 3_600_000
  private let lateness: Int64
  private var counters: [String: PlainCounter]
  private let zone: TimeZone

  init(lateness: Int64) throws {
    self.lateness = lateness
    func counter(_ hours: Int64, distinct: Bool = false) -> PlainCounter {
      PlainCounter(isDistinct: distinct, longest: hours * Self.hour, lateness: lateness)
    }
    counters = [
      "payment_attempts": counter(48), "card_countries": counter(24, distinct: true),
      "card_time_zones": counter(24, distinct: true), "card_addresses": counter(4, distinct: true),
      "cvv_failures": counter(24), "failed_logins": counter(1), "payment_method_attempts": counter(1),
    ]
    guard let zone = TimeZone(identifier: "America/New_York") else { throw CocoaError(.fileNoSuchFile) }
    self.zone = zone
  }

  /// What the rules make of the activity; counts it if it is recorded.
  mutating func judge(_ activity: Activity, now: Int64, isRecorded: Bool) -> Outcome {
    var judgement = Judgement(activity, time: activity.occurredAt ?? now, now: now, model: self)
    switch "\(activity.entity).\(activity.action)" {
    case "order.create": judgement.order()
    case "customer.login": judgement.login()
    case "payment_method.create": judgement.paymentMethod()
    default: break
    }
    if isRecorded {
      for counted in judgement.counted { counters[counted.counter]?.record(counted.key, counted.event) }
    }
    // Sorting is stable: most severe first, then in the order of the file.
    judgement.outcome.fired.sort { $0.effect.rawValue > $1.effect.rawValue }
    judgement.outcome.unevaluated.sort { $0.effect.rawValue > $1.effect.rawValue }
    return judgement.outcome
  }

  /// One activity under judgement.
  private struct Judgement {
    let activity: Activity
    let time: Int64
    let now: Int64
    let model: TradeModel
    var counted: [Counted] = []
    var outcome = Outcome()
    private var readings: [String: (key: String, event: PlainCounter.Event, counts: Bool)] = [:]
    private var missing: [String: String] = [:]

    init(_ activity: Activity, time: Int64, now: Int64, model: TradeModel) {
      (self.activity, self.time, self.now, self.model) = (activity, time, now, model)
    }

    /// Takes note of a counter: its group, whether it wants the activity, and the value that it counts.
    private mutating func count(
      _ counter: String, by key: String?, _ keyName: String, wants: Bool = true, value: String = "",
      _ valueName: String? = nil
    ) {
      guard let key, !key.isEmpty else {
        missing[counter] = keyName
        return
      }
      if wants, value.isEmpty, let valueName {
        missing[counter] = valueName
        return
      }
      let event = PlainCounter.Event(time: time, value: value)
      let isInTime = now - time <= model.lateness
      readings[counter] = (key, event, wants && isInTime)
      if wants && isInTime { counted.append(Counted(counter: counter, key: key, event: event)) }
      if !isInTime, model.counters[counter]?.mayBeForgotten(key, now: now) == true { outcome.isOpen = true }
    }

    private func read(_ counter: String, over hours: Int64) -> Reading {
      guard let reading = readings[counter], let plain = model.counters[counter] else {
        return .missing(missing[counter] ?? "?")
      }
      return .value(plain.value(reading.key, over: hours * hour, reading.event, counts: reading.counts))
    }

    /// `counter over hours > threshold`, and what a rule that fires tells of it.
    private func exceeds(_ counter: String, _ hours: Int64, _ threshold: Int64) -> (Verity, [Seen]) {
      switch read(counter, over: hours) {
      case .missing(let field): (.unknown(field), [])
      case .value(let value):
        (
          Verity(value > threshold),
          [Seen(counter: counter, hours: hours, value: value, threshold: threshold)]
        )
      }
    }

    private mutating func rule(_ name: String, _ effect: Effect, _ condition: Verity, _ seen: [Seen] = []) {
      switch condition {
      case .yes: outcome.fired.append(Fired(rule: name, effect: effect, seen: seen))
      case .no: break
      case .unknown(let field): outcome.unevaluated.append(Unevaluated(rule: name, effect: effect, missing: field))
      }
    }

    mutating func order() {
      let card = activity.card?.fingerprint
      count("payment_attempts", by: activity.membership?.id, "membership.id")
      let place = activity.location ?? Location()
      count("card_countries", by: card, "card.fingerprint", value: place.country, "location.country")
      count("card_time_zones", by: card, "card.fingerprint", value: place.timeZone, "location.time_zone")
      count("card_addresses", by: card, "card.fingerprint", value: activity.clientIP, "client_ip")
      let isCVVFailure = activity.wasSuccessful == false && activity.reason == "cvv_failed"
      count("cvv_failures", by: card, "card.fingerprint", wants: isCVVFailure)

      let burst = exceeds("payment_attempts", 1, 3)
      rule("repeated_payments", .friction, burst.0, burst.1)
      let many = exceeds("payment_attempts", 48, 5)
      rule("too_many_payments", .accessBlocked, isNewMembership && many.0, many.1)
      let (countries, zones) = (exceeds("card_countries", 24, 1), exceeds("card_time_zones", 24, 1))
      rule("different_locations", .accessBlocked, countries.0 || zones.0, countries.1 + zones.1)
      let addresses = exceeds("card_addresses", 4, 1)
      rule("different_addresses", .accessBlocked, addresses.0, addresses.1)
      rule("uncommon_hours", .friction, Verity((1...5).contains(hourInNewYork)))
      let failures = exceeds("cvv_failures", 24, 3)
      rule("failed_cvv", .friction, failures.0, failures.1)
    }

    mutating func login() {
      count("failed_logins", by: activity.customerID, "customer_id", wants: activity.wasSuccessful == false)
      let country = differs(\.country, "country")
      rule("login_elsewhere", .suspectActivity, country || differs(\.region, "region"))
      let failures = exceeds("failed_logins", 1, 2)
      rule("failed_logins_in_a_row", .friction, failures.0, failures.1)
    }

    mutating func paymentMethod() {
      count("payment_method_attempts", by: activity.customerID, "customer_id")
      let attempts = exceeds("payment_method_attempts", 1, 3)
      rule("too_many_payment_methods", .accessBlocked, attempts.0, attempts.1)
    }

    private var isNewMembership: Verity {
      guard let start = activity.membership?.startedAt else { return .unknown("membership.started_at") }
      return Verity(time - start < 30 * 24 * hour)
    }

    private var hourInNewYork: Int {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = model.zone
      return calendar.component(.hour, from: Date(timeIntervalSince1970: Double(time) / 1_000))
    }

    private func differs(_ part: KeyPath<Location, String>, _ name: String) -> Verity {
      guard let here = activity.location?[keyPath: part], !here.isEmpty else { return .unknown("location.\(name)") }
      guard let home = activity.home?[keyPath: part], !home.isEmpty else { return .unknown("home.\(name)") }
      return Verity(here != home)
    }
  }
}

import GatehouseProtocol
import Rules

extension SampleActivity {
  /// A contract's activity under the names that rules use. As in the engine, a text that is empty and an enumeration
  /// that is unspecified are missing.
  ///
  /// - Parameter now: the time of an activity without one, in Unix milliseconds.
  init(_ activity: Activity, now: Int64) {
    let time = activity.occurredAt ?? now
    self.init(kind: "\(activity.entity).\(activity.action)", time: time)
    set("occurred_at", time)
    set("id", activity.id)
    set("customer_id", activity.customerID)
    set("entity", activity.entity)
    set("entity_id", activity.entityID)
    set("action", activity.action)
    if let value = activity.wasSuccessful { fields["was_successful"] = .boolean(value) }
    set("reason", activity.reason)
    set("client_ip", activity.clientIP)
    set("user_agent", activity.userAgent)
    set("device_id", activity.deviceID)
    set("session_id", activity.sessionID)
    set("trace_id", activity.traceID)
    setChoice("category", activity.category.rawValue)
    setChoice("importance", activity.importance.rawValue)
    setParts(of: activity)
    for (key, value) in activity.attributes { set("attributes." + key, value) }
  }

  private mutating func setParts(of activity: Activity) {
    if let actor = activity.actor {
      setChoice("actor.kind", actor.kind.rawValue)
      set("actor.id", actor.id)
    }
    if let amount = activity.amount {
      set("amount.minor_units", amount.minorUnits)
      set("amount.currency", amount.currency)
    }
    if let card = activity.card {
      set("card.fingerprint", card.fingerprint)
      set("card.last4", card.last4)
      set("card.bin", card.bin)
    }
    if let membership = activity.membership {
      set("membership.id", membership.id)
      set("membership.started_at", membership.startedAt)
    }
    if let location = activity.location { set("location", location) }
    if let home = activity.home { set("home", home) }
  }

  private mutating func set(_ name: String, _ place: Location) {
    set(name + ".country", place.country)
    set(name + ".region", place.region)
    set(name + ".city", place.city)
    set(name + ".time_zone", place.timeZone)
    if let degrees = place.latitude { fields[name + ".latitude"] = .decimal(degrees) }
    if let degrees = place.longitude { fields[name + ".longitude"] = .decimal(degrees) }
  }

  private mutating func set(_ name: String, _ text: String) {
    if !text.isEmpty { fields[name] = .text(text) }
  }

  private mutating func set(_ name: String, _ number: Int64?) {
    if let number { fields[name] = .integer(number) }
  }

  private mutating func setChoice(_ name: String, _ number: Int32) {
    if number != 0 { fields[name] = .integer(Int64(number)) }
  }
}

import GatehouseProtocol
import Rules
import Wire

/// Holds an activity against the contract's limits (gatehouse.proto, `Activity`): allocates only for what is wrong.
struct ActivityCheck {
  /// The longest activity, in bytes of its encoding.
  static let maxActivityBytes = 16_384
  static let maxAttributes = 32
  static let maxAttributeValueBytes = 256
  static let latestTime: Int64 = 253_402_300_799_999
  static let maxMinorUnits: Int64 = 1_000_000_000_000_000

  private let bytes: UnsafeRawBufferPointer
  private(set) var violations = Violations()

  /// - Parameters:
  ///   - view: the activity, read from `bytes`.
  ///   - latestAllowed: the latest `occurred_at` that is not refused as lying in the future.
  ///   - kindIsKnown: entity and action are words of the rules, so their spelling needs no look.
  init(_ view: ActivityView, in bytes: UnsafeRawBufferPointer, latestAllowed: Int64, kindIsKnown: Bool) {
    self.bytes = bytes
    checkKind(view, isKnown: kindIsKnown)
    checkTimes(view, latestAllowed: latestAllowed)
    checkTexts(view)
    if view.hasLocation { checkPlace(view.location, isHome: false) }
    if view.hasHome { checkPlace(view.home, isHome: true) }
    if view.hasAmount { checkAmount(view.amount) }
    if view.hasCard { checkCard(view.card) }
    if !view.attributes.isEmpty { checkAttributes(view.attributes) }
  }

  private mutating func checkKind(_ view: ActivityView, isKnown: Bool) {
    if isKnown { return }
    if !fits(view.entity, .word) { violations.add("activity.entity", "required: 1 to 64 bytes of [a-z0-9_]") }
    if !fits(view.action, .word) { violations.add("activity.action", "required: 1 to 64 bytes of [a-z0-9_]") }
  }

  private mutating func checkTimes(_ view: ActivityView, latestAllowed: Int64) {
    if let time = view.occurredAt {
      if time < 1 || time > Self.latestTime {
        violations.add("activity.occurred_at", "Unix milliseconds, 1 to 253402300799999")
      } else if time > latestAllowed {
        violations.add("activity.occurred_at", "lies further in the future than this server allows")
      }
    }
    if let time = view.membership.startedAt, time < 0 || time > Self.latestTime {
      violations.add("activity.membership.started_at", "Unix milliseconds, 0 to 253402300799999")
    }
  }

  private mutating func checkTexts(_ view: ActivityView) {
    limit(view.id, .id, "activity.id", "at most 64 bytes")
    limit(view.customerID, .customerID, "activity.customer_id", "at most 128 bytes")
    limit(view.actor.id, .actorID, "activity.actor.id", "at most 128 bytes")
    limit(view.entityID, .entityID, "activity.entity_id", "at most 128 bytes")
    limit(view.reason, .reason, "activity.reason", "at most 256 bytes")
    limit(view.clientIP, .clientIP, "activity.client_ip", "at most 45 bytes")
    limit(view.userAgent, .userAgent, "activity.user_agent", "at most 512 bytes")
    limit(view.deviceID, .deviceID, "activity.device_id", "at most 128 bytes")
    limit(view.sessionID, .sessionID, "activity.session_id", "at most 128 bytes")
    limit(view.membership.id, .membershipID, "activity.membership.id", "at most 128 bytes")
    if !view.traceID.isEmpty && !fits(view.traceID, .traceID) {
      violations.add("activity.trace_id", "32 lower-case hexadecimal digits (W3C trace context)")
    }
  }

  private mutating func checkPlace(_ place: LocationView, isHome: Bool) {
    if !place.country.isEmpty && !fits(place.country, .country) {
      violations.add(
        isHome ? "activity.home.country" : "activity.location.country", "two capital letters (ISO 3166-1)")
    }
    limit(
      place.region, .locationRegion, isHome ? "activity.home.region" : "activity.location.region", "at most 16 bytes")
    limit(place.city, .locationCity, isHome ? "activity.home.city" : "activity.location.city", "at most 128 bytes")
    limit(
      place.timeZone, .locationTimeZone, isHome ? "activity.home.time_zone" : "activity.location.time_zone",
      "at most 64 bytes")
    if let degrees = place.latitude, !(degrees.magnitude <= 90) {
      violations.add(isHome ? "activity.home.latitude" : "activity.location.latitude", "degrees, -90 to 90")
    }
    if let degrees = place.longitude, !(degrees.magnitude <= 180) {
      violations.add(isHome ? "activity.home.longitude" : "activity.location.longitude", "degrees, -180 to 180")
    }
  }

  private mutating func checkAmount(_ amount: MoneyView) {
    if amount.minorUnits.magnitude > UInt64(Self.maxMinorUnits) {
      violations.add("activity.amount.minor_units", "at most 10^15 either way")
    }
    if !fits(amount.currency, .currency) {
      violations.add("activity.amount.currency", "required with an amount: three capital letters (ISO 4217)")
    }
  }

  private mutating func checkCard(_ card: CardView) {
    limit(card.fingerprint, .cardFingerprint, "activity.card.fingerprint", "at most 128 bytes")
    if !card.last4.isEmpty && !fits(card.last4, .lastDigits) {
      violations.add("activity.card.last4", "four digits")
    }
    if !card.bin.isEmpty && !fits(card.bin, .issuer) {
      violations.add("activity.card.bin", "six or eight digits")
    }
  }

  private mutating func checkAttributes(_ attributes: TextMapSlice) {
    guard attributes.count <= Self.maxAttributes else {
      violations.add("activity.attributes", "at most 32 pairs")
      return
    }
    for (key, value) in attributes.entries(in: bytes) {
      if !fits(key, .attributeKey) {
        violations.add("activity.attributes", "keys are 1 to 64 bytes of [a-z0-9_.]")
      }
      if value.count > Self.maxAttributeValueBytes {
        violations.add("activity.attributes", "values are at most 256 bytes")
      }
    }
  }

  private mutating func limit(_ text: WireSlice, _ limited: Field, _ path: StaticString, _ description: StaticString) {
    if text.count > limited.maxBytes { violations.add(path, description) }
  }

  private func fits(_ text: WireSlice, _ shape: TextShape) -> Bool { shape.fits(text.bytes(in: bytes)) }
}

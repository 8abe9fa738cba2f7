import GatehouseProtocol
import Wire

/// Holds an activity against the contract's limits (gatehouse.proto, `Activity`): allocates only for what is wrong.
struct ActivityCheck {
  /// The longest activity, in bytes of its encoding.
  static let maxActivityBytes = 16_384
  static let maxAttributes = 32
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
    if !isWord(view.entity, 64) { violations.add("activity.entity", "required: 1 to 64 bytes of [a-z0-9_]") }
    if !isWord(view.action, 64) { violations.add("activity.action", "required: 1 to 64 bytes of [a-z0-9_]") }
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
    limit(view.id, 64, "activity.id", "at most 64 bytes")
    limit(view.customerID, 128, "activity.customer_id", "at most 128 bytes")
    limit(view.actor.id, 128, "activity.actor.id", "at most 128 bytes")
    limit(view.entityID, 128, "activity.entity_id", "at most 128 bytes")
    limit(view.reason, 256, "activity.reason", "at most 256 bytes")
    limit(view.clientIP, 45, "activity.client_ip", "at most 45 bytes")
    limit(view.userAgent, 512, "activity.user_agent", "at most 512 bytes")
    limit(view.deviceID, 128, "activity.device_id", "at most 128 bytes")
    limit(view.sessionID, 128, "activity.session_id", "at most 128 bytes")
    limit(view.membership.id, 128, "activity.membership.id", "at most 128 bytes")
    if !view.traceID.isEmpty && !(view.traceID.count == 32 && all(view.traceID, isLowercaseHexadecimal)) {
      violations.add("activity.trace_id", "32 lower-case hexadecimal digits (W3C trace context)")
    }
  }

  private mutating func checkPlace(_ place: LocationView, isHome: Bool) {
    if !place.country.isEmpty && !(place.country.count == 2 && all(place.country, isCapital)) {
      violations.add(isHome ? "activity.home.country" : "activity.location.country", "two capital letters (ISO 3166-1)")
    }
    limit(place.region, 16, isHome ? "activity.home.region" : "activity.location.region", "at most 16 bytes")
    limit(place.city, 128, isHome ? "activity.home.city" : "activity.location.city", "at most 128 bytes")
    limit(place.timeZone, 64, isHome ? "activity.home.time_zone" : "activity.location.time_zone", "at most 64 bytes")
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
    if !(amount.currency.count == 3 && all(amount.currency, isCapital)) {
      violations.add("activity.amount.currency", "required with an amount: three capital letters (ISO 4217)")
    }
  }

  private mutating func checkCard(_ card: CardView) {
    limit(card.fingerprint, 128, "activity.card.fingerprint", "at most 128 bytes")
    if !card.last4.isEmpty && !(card.last4.count == 4 && all(card.last4, isDigit)) {
      violations.add("activity.card.last4", "four digits")
    }
    if !card.bin.isEmpty && !((card.bin.count == 6 || card.bin.count == 8) && all(card.bin, isDigit)) {
      violations.add("activity.card.bin", "six or eight digits")
    }
  }

  private mutating func checkAttributes(_ attributes: TextMapSlice) {
    guard attributes.count <= Self.maxAttributes else {
      violations.add("activity.attributes", "at most 32 pairs")
      return
    }
    for (key, value) in attributes.entries(in: bytes) {
      if key.isEmpty || key.count > 64 || !all(key, isAttributeCharacter) {
        violations.add("activity.attributes", "keys are 1 to 64 bytes of [a-z0-9_.]")
      }
      limit(value, 256, "activity.attributes", "values are at most 256 bytes")
    }
  }

  @inline(__always)
  private mutating func limit(_ text: WireSlice, _ most: Int, _ field: StaticString, _ description: StaticString) {
    if text.count > most { violations.add(field, description) }
  }

  private func isWord(_ text: WireSlice, _ most: Int) -> Bool {
    !text.isEmpty && text.count <= most && all(text, isWordCharacter)
  }

  @inline(__always)
  private func all(_ text: WireSlice, _ test: (UInt8) -> Bool) -> Bool {
    for byte in text.bytes(in: bytes) where !test(byte) { return false }
    return true
  }
}

private func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
private func isLowercaseHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || byte &- 0x61 < 6 }
private func isWordCharacter(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 || isDigit(byte) || byte == 0x5F }
private func isAttributeCharacter(_ byte: UInt8) -> Bool { isWordCharacter(byte) || byte == 0x2E }

import GatehouseProtocol
import Rules
import Wire

extension FieldValues {
  /// Takes over what the activity says; texts stay where they are in `bytes`.
  ///
  /// - Parameter attributeNames: `RuleSet.attributeNames` as bytes, in order.
  mutating func fill(
    from view: ActivityView, in bytes: UnsafeRawBufferPointer, time: Int64,
    attributeNames: UnsafeBufferPointer<UnsafeRawBufferPointer>
  ) {
    removeAll()
    setInteger(time, for: .occurredAt)
    set(view.id, .id, bytes)
    set(view.customerID, .customerID, bytes)
    set(view.entity, .entity, bytes)
    set(view.entityID, .entityID, bytes)
    set(view.action, .action, bytes)
    if let value = view.wasSuccessful { setBoolean(value, for: .wasSuccessful) }
    set(view.reason, .reason, bytes)
    set(view.clientIP, .clientIP, bytes)
    set(view.userAgent, .userAgent, bytes)
    set(view.deviceID, .deviceID, bytes)
    set(view.sessionID, .sessionID, bytes)
    setChoice(Int64(view.category.rawValue), for: .category)
    setChoice(Int64(view.importance.rawValue), for: .importance)
    set(view.traceID, .traceID, bytes)
    if view.hasActor {
      setChoice(Int64(view.actor.kind.rawValue), for: .actorKind)
      set(view.actor.id, .actorID, bytes)
    }
    if view.hasAmount {
      setInteger(view.amount.minorUnits, for: .amountMinorUnits)
      set(view.amount.currency, .amountCurrency, bytes)
    }
    if view.hasCard {
      set(view.card.fingerprint, .cardFingerprint, bytes)
      set(view.card.last4, .cardLast4, bytes)
      set(view.card.bin, .cardBIN, bytes)
    }
    if view.hasMembership {
      set(view.membership.id, .membershipID, bytes)
      if let time = view.membership.startedAt { setInteger(time, for: .membershipStartedAt) }
    }
    if view.hasLocation { fillLocation(view.location, bytes) }
    if view.hasHome { fillHome(view.home, bytes) }
    if !attributeNames.isEmpty && !view.attributes.isEmpty {
      fillAttributes(view.attributes, bytes, attributeNames)
    }
  }

  private mutating func fillLocation(_ place: LocationView, _ bytes: UnsafeRawBufferPointer) {
    set(place.country, .locationCountry, bytes)
    set(place.region, .locationRegion, bytes)
    set(place.city, .locationCity, bytes)
    set(place.timeZone, .locationTimeZone, bytes)
    if let degrees = place.latitude { setDecimal(degrees, for: .locationLatitude) }
    if let degrees = place.longitude { setDecimal(degrees, for: .locationLongitude) }
  }

  private mutating func fillHome(_ place: LocationView, _ bytes: UnsafeRawBufferPointer) {
    set(place.country, .homeCountry, bytes)
    set(place.region, .homeRegion, bytes)
    set(place.city, .homeCity, bytes)
    set(place.timeZone, .homeTimeZone, bytes)
    if let degrees = place.latitude { setDecimal(degrees, for: .homeLatitude) }
    if let degrees = place.longitude { setDecimal(degrees, for: .homeLongitude) }
  }

  private mutating func fillAttributes(
    _ attributes: TextMapSlice, _ bytes: UnsafeRawBufferPointer, _ names: UnsafeBufferPointer<UnsafeRawBufferPointer>
  ) {
    for (key, value) in attributes.entries(in: bytes) {
      setAttribute(key.bytes(in: bytes), value.bytes(in: bytes), names: names)
    }
  }

  /// Takes over the value of an attribute, if it is one that the rules read.
  mutating func setAttribute(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
    names: UnsafeBufferPointer<UnsafeRawBufferPointer>
  ) {
    for (index, name) in names.enumerated() where name.count == key.count && key.elementsEqual(name) {
      setAttribute(value, at: index)
    }
  }

  @inline(__always)
  private mutating func set(_ text: WireSlice, _ field: Field, _ bytes: UnsafeRawBufferPointer) {
    if !text.isEmpty { setText(text.bytes(in: bytes), for: field) }
  }
}

import GatehouseProtocol
import Wire

// The messages that views show, field by field, for comparison with what the decoder makes of the same bytes.

extension Location {
  init(_ view: LocationView, in bytes: UnsafeRawBufferPointer) {
    self.init(
      country: view.country.text(in: bytes), region: view.region.text(in: bytes), city: view.city.text(in: bytes),
      timeZone: view.timeZone.text(in: bytes), latitude: view.latitude, longitude: view.longitude)
  }
}

extension Activity {
  init(_ view: ActivityView, in bytes: UnsafeRawBufferPointer) {
    var attributes: [String: String] = [:]
    for (key, value) in view.attributes.entries(in: bytes) { attributes[key.text(in: bytes)] = value.text(in: bytes) }
    self.init(
      id: view.id.text(in: bytes), occurredAt: view.occurredAt, customerID: view.customerID.text(in: bytes),
      actor: view.hasActor ? Actor(kind: view.actor.kind, id: view.actor.id.text(in: bytes)) : nil,
      entity: view.entity.text(in: bytes), entityID: view.entityID.text(in: bytes),
      action: view.action.text(in: bytes), wasSuccessful: view.wasSuccessful, reason: view.reason.text(in: bytes),
      clientIP: view.clientIP.text(in: bytes), userAgent: view.userAgent.text(in: bytes),
      deviceID: view.deviceID.text(in: bytes), sessionID: view.sessionID.text(in: bytes),
      location: view.hasLocation ? Location(view.location, in: bytes) : nil,
      amount: view.hasAmount
        ? Money(minorUnits: view.amount.minorUnits, currency: view.amount.currency.text(in: bytes)) : nil,
      card: view.hasCard
        ? Card(
          fingerprint: view.card.fingerprint.text(in: bytes), last4: view.card.last4.text(in: bytes),
          bin: view.card.bin.text(in: bytes)) : nil,
      membership: view.hasMembership
        ? Membership(id: view.membership.id.text(in: bytes), startedAt: view.membership.startedAt) : nil,
      category: view.category, importance: view.importance, traceID: view.traceID.text(in: bytes),
      attributes: attributes, home: view.hasHome ? Location(view.home, in: bytes) : nil)
  }
}

extension EvaluateRequest {
  init(_ view: EvaluateRequestView, in bytes: UnsafeRawBufferPointer) {
    self.init(
      activity: view.hasActivity ? Activity(view.activity, in: bytes) : nil, mode: view.mode,
      durability: view.durability)
  }
}

extension RecordActivityRequest {
  init(_ view: RecordActivityRequestView, in bytes: UnsafeRawBufferPointer) {
    self.init(
      activity: view.hasActivity ? Activity(view.activity, in: bytes) : nil, durability: view.durability)
  }
}

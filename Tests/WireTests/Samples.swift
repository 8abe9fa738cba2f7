import GatehouseProtocol

/// Messages as callers send them.
enum Samples {
  /// An order with 14 fields, nested ones counted: about 180 bytes.
  static let order = Activity(
    id: "5f0c2b9a71d84e0e", occurredAt: 1_767_225_600_000, customerID: "c-1029384756", entity: "order",
    entityID: "o-5566778899", action: "create", clientIP: "203.0.113.77", deviceID: "d-77aa88bb99cc",
    sessionID: "s-0123456789", location: Location(country: "US", region: "FL", timeZone: "America/New_York"),
    amount: Money(minorUnits: 12_999, currency: "USD"),
    card: Card(fingerprint: "fp-9a8b7c6d5e4f", last4: "4242", bin: "424242"),
    membership: Membership(id: "m-42", startedAt: 1_767_139_200_000), category: .financial)

  static let login = Activity(
    id: "login-1", customerID: "c1", actor: Actor(kind: .customer, id: "c1"), entity: "customer", action: "login",
    wasSuccessful: false, reason: "wrong_password", location: Location(country: "US", region: "FL", latitude: -0.0),
    category: .auth, importance: .high, attributes: ["b": "2", "a": "1", "ä": ""],
    home: Location(country: "US", region: "OK"))
}

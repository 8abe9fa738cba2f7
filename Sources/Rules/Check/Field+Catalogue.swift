extension Field {
  /// The path in rules files, as the contract names it.
  public var name: String {
    switch self {
    case .id: "id"
    case .occurredAt: "occurred_at"
    case .customerID: "customer_id"
    case .actorKind: "actor.kind"
    case .actorID: "actor.id"
    case .entity: "entity"
    case .entityID: "entity_id"
    case .action: "action"
    case .wasSuccessful: "was_successful"
    case .reason: "reason"
    case .clientIP: "client_ip"
    case .userAgent: "user_agent"
    case .deviceID: "device_id"
    case .sessionID: "session_id"
    case .locationCountry: "location.country"
    case .locationRegion: "location.region"
    case .locationCity: "location.city"
    case .locationTimeZone: "location.time_zone"
    case .locationLatitude: "location.latitude"
    case .locationLongitude: "location.longitude"
    case .homeCountry: "home.country"
    case .homeRegion: "home.region"
    case .homeCity: "home.city"
    case .homeTimeZone: "home.time_zone"
    case .homeLatitude: "home.latitude"
    case .homeLongitude: "home.longitude"
    case .amountMinorUnits: "amount.minor_units"
    case .amountCurrency: "amount.currency"
    case .cardFingerprint: "card.fingerprint"
    case .cardLast4: "card.last4"
    case .cardBIN: "card.bin"
    case .membershipID: "membership.id"
    case .membershipStartedAt: "membership.started_at"
    case .category: "category"
    case .importance: "importance"
    case .traceID: "trace_id"
    }
  }

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  init?(name: String) {
    guard let field = Self.byName[name] else { return nil }
    self = field
  }

  var type: ValueType {
    switch self {
    case .wasSuccessful: .boolean
    case .clientIP: .address
    case .locationLatitude, .locationLongitude, .homeLatitude, .homeLongitude: .decimal
    case .amountMinorUnits: .integer
    case .occurredAt, .membershipStartedAt: .time
    case .actorKind, .category, .importance: .choice(self)
    default: .text
    }
  }

  /// The words of an enumerated field and the numbers that stand for them in the contract; 0 means not said.
  var choices: [String: Int64] {
    switch self {
    case .actorKind: ["customer": 1, "operator": 2, "service": 3, "system": 4]
    case .category:
      ["auth": 1, "profile": 2, "financial": 3, "gaming": 4, "support": 5, "interface": 6]
    case .importance: ["low": 1, "normal": 2, "high": 3]
    default: [:]
    }
  }
}

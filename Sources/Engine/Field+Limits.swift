import Rules

/// What the contract says of the texts of an activity (gatehouse.proto, `Activity`).
extension Field {
  /// The longest text, in bytes; 0 for what is no text.
  var maxBytes: Int {
    switch self {
    case .id, .entity, .action: 64
    case .customerID, .actorID, .entityID, .deviceID, .sessionID, .cardFingerprint, .membershipID: 128
    case .reason: 256
    case .clientIP: 45
    case .userAgent: 512
    case .locationCountry, .homeCountry: 2
    case .locationRegion, .homeRegion: 16
    case .locationCity, .homeCity: 128
    case .locationTimeZone, .homeTimeZone: 64
    case .amountCurrency: 3
    case .cardLast4: 4
    case .cardBIN: 8
    case .traceID: 32
    case .occurredAt, .actorKind, .wasSuccessful, .locationLatitude, .locationLongitude, .homeLatitude,
      .homeLongitude, .amountMinorUnits, .membershipStartedAt, .category, .importance:
      0
    }
  }

  /// How the text is spelled unless it is empty. Of `entity` and `action` only those need a look that no rule names.
  var shape: TextShape {
    switch self {
    case .locationCountry, .homeCountry: .country
    case .amountCurrency: .currency
    case .cardLast4: .lastDigits
    case .cardBIN: .issuer
    case .traceID: .traceID
    default: .any
    }
  }
}

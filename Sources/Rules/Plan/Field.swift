/// The fields of the contract's `Activity` that rules can name; the raw value is the field's slot in `FieldValues` and its
/// bit in the presence mask. Attributes that rules name take the slots from `Field.count` on, in the order of
/// `RuleSet.attributeNames`.
@frozen
public enum Field: Int, CaseIterable, Sendable {
  case id = 0
  /// The activity's time as the engine settled it; rules read the `time` given to `decide`.
  case occurredAt
  case customerID
  case actorKind
  case actorID
  case entity
  case entityID
  case action
  case wasSuccessful
  case reason
  case clientIP
  case userAgent
  case deviceID
  case sessionID
  case locationCountry
  case locationRegion
  case locationCity
  case locationTimeZone
  case locationLatitude
  case locationLongitude
  case homeCountry
  case homeRegion
  case homeCity
  case homeTimeZone
  case homeLatitude
  case homeLongitude
  case amountMinorUnits
  case amountCurrency
  case cardFingerprint
  case cardLast4
  case cardBIN
  case membershipID
  case membershipStartedAt
  case category
  case importance
  case traceID

  /// How many there are; the first attribute's slot.
  @inlinable
  public static var count: Int { Field.traceID.rawValue + 1 }
}

import GatehouseProtocol
import Wire

/// The frames that a run's requests are patched from: messages as a shop sends them, encoded by the contract's own codec.
///
/// Evaluations ask about an order, about 180 bytes of it: who buys, with which membership and card, from where, for how
/// much. Records are logins.
struct RequestFrames: Sendable {
  private let options: RunOptions
  /// Unix time in milliseconds.
  private let startedAt: Int64
  /// What makes ids of this run differ from those of any other: 16 hexadecimal digits.
  private let runID: String

  /// `startedAt` is Unix time in milliseconds. `runID` differs from run to run: a server answers an id that it knows with
  /// its first answer.
  init(_ options: RunOptions, startedAt: Int64, runID: UInt64) {
    self.options = options
    self.startedAt = startedAt
    let digits = String(runID, radix: 16)
    self.runID = String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The frame of a kind of call, with the placeholders of `RequestTemplate`; `variant` is below
  /// `RequestSource.variantCount`.
  func frame(_ kind: CallKind, _ variant: Int) throws(BenchError) -> [UInt8] {
    let place = Place.all[variant % Place.all.count]
    switch kind {
    case .evaluate:
      let mode = options.checkOnly ? EvaluateRequest.Mode.check : .record
      let activity = order(at: place, isNewMember: variant % 2 == 1)
      return try frame(
        GatehouseMethods.evaluate.method,
        EvaluateRequest(activity: activity, mode: mode, durability: options.durability.code))
    case .record:
      return try frame(
        GatehouseMethods.recordActivity.method,
        RecordActivityRequest(activity: login(at: place), durability: options.durability.code))
    case .health:
      return try frame(HealthMethods.check.method, HealthCheckRequest())
    }
  }

  private func frame(_ method: ProtobufMethod, _ request: some ProtobufMessage) throws(BenchError) -> [UInt8] {
    do {
      let payload = try ProtobufEncoder().encode(request)
      return FrameHeader(.request, method: UInt16(method.id), value: remainingMicroseconds).frame(payload: payload)
    } catch {
      throw BenchError(code: .connection, message: "\(method.name) cannot be encoded: \(error)")
    }
  }

  private var remainingMicroseconds: UInt32 {
    options.deadline.map { UInt32(clamping: $0.nanoseconds / 1000) } ?? 0
  }

  private var id: String { options.ids ? runID + RequestTemplate.idPlaceholder : "" }

  /// An order of 49.99; a new member joined an hour before the run, the others in 2024.
  private func order(at place: Place, isNewMember: Bool) -> Activity {
    let key = RequestTemplate.keyPlaceholder
    return Activity(
      id: id, customerID: "c" + key, entity: "order", action: "create", wasSuccessful: true,
      clientIP: RequestTemplate.addressPlaceholder, sessionID: "s" + key, location: place.location,
      amount: Money(minorUnits: 4_999, currency: place.currency),
      card: Card(fingerprint: "f" + key, last4: "4242", bin: "424242"),
      membership: Membership(id: "m" + key, startedAt: isNewMember ? startedAt - 3_600_000 : 1_704_067_200_000))
  }

  private func login(at place: Place) -> Activity {
    let key = RequestTemplate.keyPlaceholder
    return Activity(
      id: id, customerID: "c" + key, entity: "customer", action: "login", wasSuccessful: true,
      clientIP: RequestTemplate.addressPlaceholder, userAgent: "Mozilla/5.0 (X11; Linux x86_64)", deviceID: "d" + key,
      sessionID: "s" + key, location: place.location)
  }
}

/// Where customers buy.
private struct Place {
  let country: String
  let region: String
  let timeZone: String
  let currency: String

  var location: Location { Location(country: country, region: region, timeZone: timeZone) }

  static let all = [
    Place(country: "US", region: "FL", timeZone: "America/New_York", currency: "USD"),
    Place(country: "US", region: "OK", timeZone: "America/Chicago", currency: "USD"),
    Place(country: "CA", region: "ON", timeZone: "America/Toronto", currency: "CAD"),
    Place(country: "GB", region: "ENG", timeZone: "Europe/London", currency: "GBP"),
    Place(country: "DE", region: "BE", timeZone: "Europe/Berlin", currency: "EUR"),
    Place(country: "BR", region: "SP", timeZone: "America/Sao_Paulo", currency: "BRL"),
    Place(country: "JP", region: "13", timeZone: "Asia/Tokyo", currency: "JPY"),
    Place(country: "AU", region: "NSW", timeZone: "Australia/Sydney", currency: "AUD"),
  ]
}

extension RecordDurability {
  fileprivate var code: Durability {
    switch self {
    case .server: .unspecified
    case .buffered: .buffered
    case .written: .written
    case .durable: .durable
    }
  }
}

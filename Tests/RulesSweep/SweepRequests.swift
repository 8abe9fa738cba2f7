import Engine
import GatehouseProtocol
import Wire

/// Encoded orders of so many customers, without ids: what is measured is windows and rules.
final class SweepRequests {
  private let requests: UnsafeMutableBufferPointer<EvaluationRequest>
  private let bytes: UnsafeMutableRawBufferPointer

  /// - Parameter pool: how many different requests, a multiple of a chunk; customers are drawn among `keys`.
  init(keys: Int, pool: Int = 65_536) throws {
    var random = SystemRandomNumberGenerator()
    let encoded = try (0..<pool).map { index in
      try Self.encoded(key: keys >= pool ? Int(random.next() % UInt64(keys)) : index % keys, isCheck: index % 2 == 1)
    }
    bytes = .allocate(byteCount: encoded.reduce(0) { $0 + $1.count }, alignment: 1)
    requests = .allocate(capacity: pool)
    var start = 0
    for (index, request) in encoded.enumerated() {
      let place = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + request.count])
      place.copyBytes(from: request)
      requests.initializeElement(
        at: index, to: EvaluationRequest(method: .evaluate, payload: UnsafeRawBufferPointer(place)))
      start += request.count
    }
  }

  deinit {
    requests.deallocate()
    bytes.deallocate()
  }

  func chunk(_ number: Int) -> UnsafeBufferPointer<EvaluationRequest> {
    let start = number * Evaluator.maxCalls % requests.count
    return UnsafeBufferPointer(rebasing: requests[start..<start + Evaluator.maxCalls])
  }

  static func encoded(key: Int, isCheck: Bool) throws -> [UInt8] {
    let activity = Activity(
      customerID: "customer-\(key)", entity: "order", action: "create", wasSuccessful: key % 3 > 0,
      clientIP: "203.\(key >> 16 & 255).\(key >> 8 & 255).\(key & 255)",
      location: Location(country: "US", region: "FL", timeZone: "America/New_York"),
      amount: Money(minorUnits: 4_999, currency: "USD"), card: Card(fingerprint: "fp-\(key)-abcdef0123456789"),
      membership: Membership(id: "member-\(key)", startedAt: 1_700_000_000_000),
      home: Location(country: "US", region: "OK"))
    return try ProtobufEncoder().encode(EvaluateRequest(activity: activity, mode: isCheck ? .check : .record))
  }
}

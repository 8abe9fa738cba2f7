import Engine
import GatehouseProtocol
import Wire

/// Encoded `EvaluateRequest`s of about 180 bytes, used over and over with new ids written in place.
struct RequestPool: ~Copyable {
  private let requests: UnsafeMutableBufferPointer<EvaluationRequest>
  private let idOffsets: UnsafeMutableBufferPointer<Int>
  private static let idDigits = 16

  init(count: Int, keys: Int) {
    requests = .allocate(capacity: count)
    idOffsets = .allocate(capacity: count)
    var random = SystemRandomNumberGenerator()
    for index in 0..<count {
      let bytes = Self.request(key: Int(random.next() % UInt64(keys)))
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
      copy.copyBytes(from: bytes)
      requests.initializeElement(
        at: index, to: EvaluationRequest(method: .evaluate, payload: UnsafeRawBufferPointer(copy)))
      idOffsets.initializeElement(at: index, to: bytes.firstIndex(of: UInt8(ascii: "#")) ?? 0)
    }
  }

  private static func request(key: Int) -> [UInt8] {
    let activity = Activity(
      id: String(repeating: "#", count: idDigits), occurredAt: nil, customerID: "customer-\(key)", entity: "order",
      action: "create",
      clientIP: "203.0.113.\(key % 250)", location: Location(country: "US", region: "FL", timeZone: "America/New_York"),
      amount: Money(minorUnits: 4_999, currency: "USD"), card: Card(fingerprint: "fp-\(key)-abcdef0123456789"),
      membership: Membership(id: "member-\(key)", startedAt: 1_700_000_000_000))
    guard let bytes = try? ProtobufEncoder().encode(EvaluateRequest(activity: activity, mode: .record)) else {
      preconditionFailure("the sample request does not encode")
    }
    return bytes
  }

  func chunk(_ number: Int) -> UnsafeBufferPointer<EvaluationRequest> {
    let start = number * Evaluator.maxCalls % requests.count
    return UnsafeBufferPointer(rebasing: requests[start..<start + Evaluator.maxCalls])
  }

  /// Gives the chunk's requests ids that were never used.
  mutating func renewIDs(_ number: Int) {
    let start = number * Evaluator.maxCalls % requests.count
    for index in start..<start + Evaluator.maxCalls {
      var rest = UInt64(number * Evaluator.maxCalls + index - start)
      guard let base = requests[index].payload.baseAddress else { continue }
      let digits = UnsafeMutableRawPointer(mutating: base) + idOffsets[index]
      for digit in 0..<Self.idDigits {
        digits.storeBytes(of: UInt8(ascii: "a") + UInt8(rest & 15), toByteOffset: digit, as: UInt8.self)
        rest >>= 4
      }
    }
  }
}

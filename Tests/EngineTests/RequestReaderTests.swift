import GatehouseProtocol
import Testing
import Windows
import Wire

@testable import Engine
@testable import Rules

/// Whatever the one-pass reader accepts, the contract's own types accept, with the same values.
@Suite("Reading a request in one pass")
struct RequestReaderTests {
  static let now: Int64 = 1_800_000_000_000
  private let rules: RuleSet
  private let layout: RequestLayout

  init() throws {
    rules = try TestRules.compile(
      """
      counter coupons = distinct attributes.coupon of * by customer_id
      rule many on * when coupons over 1h > 3 or attributes.shop == "x" then friction
      """)
    layout = RequestLayout(attributeNames: rules.attributeNames)
  }

  /// What a request comes to.
  private struct Outcome: Equatable {
    var fields: [Int: String]
    var id: String
    var mode: Int32
    var durability: Int32
  }

  private func values(_ fields: borrowing FieldValues) -> [Int: String] {
    var found: [Int: String] = [:]
    for slot in 0..<FieldValues.slotCount where fields.has(slot) {
      let content = fields.slots[slot]
      found[slot] =
        content.text.map {
          String(decoding: UnsafeRawBufferPointer(start: $0, count: Int(content.word)), as: UTF8.self)
        }
        ?? "\(content.word)"
    }
    return found
  }

  private func read(_ bytes: [UInt8]) -> Outcome? {
    bytes.withUnsafeBytes { bytes in
      var fields = FieldValues(for: rules, hasher: KeyHasher(key0: 1, key1: 2))
      let request = EvaluationRequest(method: .evaluate, payload: bytes)
      guard let found = RequestReader(request, layout, now: Self.now, latestAllowed: Self.now + 60_000, into: &fields)
      else { return nil }
      let isKind = TextShape.word.fits(found.entity) && TextShape.word.fits(found.action)
      guard isKind else { return nil }
      return Outcome(
        fields: values(fields), id: String(decoding: found.id, as: UTF8.self), mode: found.mode,
        durability: found.durability)
    }
  }

  /// The same by way of the contract's types: decoded, written anew, viewed and checked.
  private func readByContract(_ bytes: [UInt8]) throws -> Outcome {
    let request = try ProtobufDecoder().decode(EvaluateRequest.self, from: bytes)
    let canonical = try ProtobufEncoder().encode(request)
    return try canonical.withUnsafeBytes { bytes in
      let view = try EvaluateRequestView(bytes)
      let check = ActivityCheck(view.activity, in: bytes, latestAllowed: Self.now + 60_000, kindIsKnown: false)
      #expect(view.hasActivity)
      #expect(check.violations.list.map(\.field) == [])
      var fields = FieldValues(for: rules, hasher: KeyHasher(key0: 1, key1: 2))
      fields.fill(
        from: view.activity, in: bytes, time: view.activity.occurredAt ?? Self.now,
        attributeNames: layout.attributeNames)
      return Outcome(
        fields: values(fields), id: String(decoding: view.activity.id.bytes(in: bytes), as: UTF8.self),
        mode: view.mode.rawValue, durability: view.durability.rawValue)
    }
  }

  @Test(
    "accepts ordinary requests, and whatever it accepts means the same as by the contract's types", arguments: 1...4)
  func agrees(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var accepted = (whole: 0, mutated: 0)
    for _ in 0..<1_000 {
      let bytes = try ProtobufEncoder().encode(Self.request(&random))
      if let outcome = read(bytes) {
        #expect(try outcome == readByContract(bytes))
        accepted.whole += 1
      }
      for _ in 0..<4 {
        let mutated = Self.mutated(bytes, &random)
        guard let outcome = read(mutated) else { continue }
        #expect(try outcome == readByContract(mutated), "\(mutated)")
        accepted.mutated += 1
      }
    }
    #expect(accepted.whole > 850)
    #expect(accepted.mutated > 250)
  }

  @Test("declines an activity longer than the contract allows")
  func declinesLongActivities() throws {
    var activity = Activity(customerID: "c", entity: "order", action: "create")
    let bytes = try ProtobufEncoder().encode(EvaluateRequest(activity: activity))
    #expect(read(bytes) != nil)
    for number in 0..<32 { activity.attributes["key_\(number)"] = String(repeating: "v", count: 256) }
    activity.userAgent = String(repeating: "u", count: 512)
    let piece = try ProtobufEncoder().encode(activity)
    let long = Array(repeating: piece, count: 2).flatMap { $0 }
    #expect(long.count > ActivityCheck.maxActivityBytes)
    #expect(read(Self.request(holding: long)) == nil)
  }
}

// MARK: - Random requests

extension RequestReaderTests {
  private static func text(_ random: inout SeededRandom, _ most: Int) -> String {
    let alphabet: [Character] = ["a", "Z", "0", "é", "漢", " "]
    return String(
      (0..<Int.random(in: 0...most, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
  }

  private static func place(_ random: inout SeededRandom) -> Location {
    Location(
      country: Bool.random(using: &random) ? "US" : "", region: text(&random, 4), city: text(&random, 20),
      timeZone: text(&random, 9), latitude: Bool.random(using: &random) ? .random(in: -90...90, using: &random) : nil,
      longitude: Bool.random(using: &random) ? 0 : nil)
  }

  private static func activity(_ random: inout SeededRandom) -> Activity {
    var activity = Activity(
      id: text(&random, 20), customerID: text(&random, 30), entity: "order", entityID: text(&random, 9),
      action: "create", reason: text(&random, 9), clientIP: "203.0.113.7", userAgent: text(&random, 100))
    if Bool.random(using: &random) { activity.occurredAt = .random(in: 1...now, using: &random) }
    if Bool.random(using: &random) { activity.wasSuccessful = .random(using: &random) }
    if Bool.random(using: &random) { activity.location = place(&random) }
    if Bool.random(using: &random) { activity.home = place(&random) }
    if Bool.random(using: &random) {
      activity.amount = Money(minorUnits: .random(in: -1_000_000...1_000_000, using: &random), currency: "EUR")
    }
    if Bool.random(using: &random) {
      activity.card = Card(fingerprint: text(&random, 30), last4: "1234", bin: "123456")
    }
    if Bool.random(using: &random) {
      activity.membership = Membership(id: text(&random, 20), startedAt: .random(in: 0...now, using: &random))
    }
    if Bool.random(using: &random) { activity.actor = Actor(kind: .operator, id: text(&random, 9)) }
    if Bool.random(using: &random) { activity.category = .financial }
    if Bool.random(using: &random) { activity.traceID = String(repeating: "0f", count: 16) }
    for key in ["coupon", "shop", "other.key"] where Bool.random(using: &random) {
      activity.attributes[key] = text(&random, 20)
    }
    return activity
  }

  private static func request(_ random: inout SeededRandom) -> EvaluateRequest {
    EvaluateRequest(
      activity: activity(&random), mode: Bool.random(using: &random) ? .check : .record,
      durability: Bool.random(using: &random) ? .durable : .unspecified)
  }

  /// An activity's bytes as a request's first field.
  private static func request(holding activity: [UInt8]) -> [UInt8] {
    var length = activity.count
    var bytes: [UInt8] = [0x0A]
    while length > 0x7F {
      bytes.append(UInt8(length & 0x7F | 0x80))
      length >>= 7
    }
    return bytes + [UInt8(length)] + activity
  }

  private static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[place] = .random(in: 0...255, using: &random)
    case 2: bytes.insert(.random(in: 0...255, using: &random), at: place)
    case 3: bytes.removeSubrange(place...)
    case 4:
      // Every field twice, the second time with other values: the last one counts, nested messages are merged.
      let pieces = (0..<2).map { _ in (try? ProtobufEncoder().encode(activity(&random))) ?? [] }
      return request(holding: pieces[0] + pieces[1])
    default: bytes += [0xFA, 0x01, 0x02, 0x41, 0x42]
    }
    return bytes
  }
}

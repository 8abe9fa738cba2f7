import GatehouseProtocol
import Testing
import Wire

@testable import Engine

@Suite("The limits of an activity")
struct ActivityCheckTests {
  /// A value, and whether the contract takes it.
  struct Case: CustomTestStringConvertible, Sendable {
    let field: String
    let value: String
    let isAllowed: Bool
    let set: @Sendable (inout Activity) -> Void

    var testDescription: String { "\(field) = \(value)\(isAllowed ? "" : ": refused")" }

    init<Value: Sendable>(
      _ field: String, _ value: Value, allowed: Bool, _ set: @escaping @Sendable (inout Activity, Value) -> Void
    ) {
      (self.field, self.value, isAllowed) = (field, "\(value)", allowed)
      self.set = { set(&$0, value) }
    }
  }

  private static let limits = ContractText.byteLimits(of: ["Activity", "Actor", "Location", "Card", "Membership"])
  private let gate: TestGate

  init() throws { gate = try TestGate(Counting.rules()) }

  private func violations(of activity: Activity) throws -> [String] {
    let refusal = try gate.refusal(of: .evaluate(activity, .check))
    #expect(refusal == nil || refusal?.code == .invalidArgument)
    #expect(try gate.refusal(of: .record(activity))?.violations == refusal?.violations)
    return refusal?.violations.map(\.field) ?? []
  }

  private func activity() -> Activity { Activity(entity: "order", action: "create") }

  @Test("entity and action are checked under rules on every kind, too", arguments: ["on *", "on order.*"])
  func kindsUnderWildcards(on: String) throws {
    let gate = try TestGate(TestRules.compile("rule all \(on) when customer_id is known then friction"))
    for (entity, action) in [("", "create"), ("order", ""), ("Order", "create"), ("order", "cre ate")] {
      let refusal = try gate.refusal(of: .evaluate(Activity(customerID: "c", entity: entity, action: action), .check))
      #expect(refusal?.code == .invalidArgument, "\(entity).\(action)")
    }
    #expect(try gate.refusal(of: .evaluate(Activity(entity: "order", action: "pay"), .check)) == nil)
  }

  @Test("the table of texts names exactly those that the contract limits in bytes")
  func tableIsComplete() {
    #expect(Set(Self.limits.keys) == Set(ActivityText.all.map(\.field)))
  }

  @Test("a text as long as the contract says passes, one byte more is refused by name", arguments: ActivityText.all)
  func texts(text: ActivityText) throws {
    let limit = try #require(Self.limits[text.field])
    var longest = activity()
    text.set(&longest, String(repeating: "a", count: limit))
    #expect(try violations(of: longest) == [])
    var longer = activity()
    text.set(&longer, String(repeating: "a", count: limit + 1))
    #expect(try violations(of: longer) == [text.path])
    guard !["activity.entity", "activity.action"].contains(text.path) else { return }
    var wide = activity()
    text.set(&wide, String(repeating: "é", count: limit / 2 + 1))
    #expect(try violations(of: wide) == [text.path], "bytes are counted, not characters")
  }

  static let cases: [Case] =
    words("activity.entity") { $0.entity = $1 } + words("activity.action") { $0.action = $1 } + times + codes
    + places("activity.location") { $0.location = $1 } + places("activity.home") { $0.home = $1 }

  private static func words(_ field: String, _ set: @escaping @Sendable (inout Activity, String) -> Void) -> [Case] {
    ["a", "a_1", "0", "_"].map { Case(field, $0, allowed: true, set) }
      + ["", "A", "a b", "a.b", "a-b", "é", "a\u{0}"].map { Case(field, $0, allowed: false, set) }
  }

  private static let times: [Case] =
    [1, TestGate.noon, TestGate.noon + 60_000].map {
      Case("activity.occurred_at", $0, allowed: true) { $0.occurredAt = $1 }
    }
    + [Int64.min, -1, 0, TestGate.noon + 60_001, 253_402_300_799_999, 253_402_300_800_000, Int64.max].map {
      Case("activity.occurred_at", $0, allowed: false) { $0.occurredAt = $1 }
    }
    + [0, 1, 253_402_300_799_999].map {
      Case("activity.membership.started_at", $0, allowed: true) { $0.membership = Membership(startedAt: $1) }
    }
    + [-1, Int64.min, 253_402_300_800_000, Int64.max].map {
      Case("activity.membership.started_at", $0, allowed: false) { $0.membership = Membership(startedAt: $1) }
    }

  private static let codes: [Case] =
    [0, 1, -1, 1_000_000_000_000_000, -1_000_000_000_000_000].map {
      Case("activity.amount.minor_units", $0, allowed: true) { $0.amount = Money(minorUnits: $1, currency: "USD") }
    }
    + [1_000_000_000_000_001, -1_000_000_000_000_001, Int64.min, Int64.max].map {
      Case("activity.amount.minor_units", $0, allowed: false) { $0.amount = Money(minorUnits: $1, currency: "USD") }
    }
    + [("EUR", true), ("", false), ("eur", false), ("EU", false), ("EURO", false), ("E1R", false)].map {
      Case("activity.amount.currency", $0, allowed: $1) { $0.amount = Money(minorUnits: 1, currency: $1) }
    }
    + [("1234", true), ("", true), ("123", false), ("12345", false), ("123a", false)].map {
      Case("activity.card.last4", $0, allowed: $1) { $0.card = Card(last4: $1) }
    }
    + [("123456", true), ("12345678", true), ("", true), ("1234567", false), ("12345", false), ("12345x", false)].map {
      Case("activity.card.bin", $0, allowed: $1) { $0.card = Card(bin: $1) }
    }
    + [
      ("0af7651916cd43dd8448eb211c80319c", true), ("", true), ("0AF7651916CD43DD8448EB211C80319C", false),
      ("0af7651916cd43dd8448eb211c80319", false), ("0af7651916cd43dd8448eb211c80319cc", false),
      ("gaf7651916cd43dd8448eb211c80319c", false),
    ].map { Case("activity.trace_id", $0, allowed: $1) { $0.traceID = $1 } }

  private static func places(
    _ field: String, _ set: @escaping @Sendable (inout Activity, Location) -> Void
  ) -> [Case] {
    [("US", true), ("", true), ("us", false), ("USA", false), ("U", false), ("U1", false)].map {
      Case("\(field).country", $0, allowed: $1) { set(&$0, Location(country: $1)) }
    }
      + [(90.0, true), (-90, true), (90.000_001, false), (-91, false), (.nan, false), (.infinity, false)].map {
        Case("\(field).latitude", $0, allowed: $1) { set(&$0, Location(latitude: $1)) }
      }
      + [(180.0, true), (-180, true), (180.000_001, false), (-181, false), (-.nan, false), (-.infinity, false)].map {
        Case("\(field).longitude", $0, allowed: $1) { set(&$0, Location(longitude: $1)) }
      }
  }

  @Test("a value of the contract passes, another one is refused by name", arguments: cases)
  func values(value: Case) throws {
    var activity = activity()
    value.set(&activity)
    #expect(try violations(of: activity) == (value.isAllowed ? [] : [value.field]))
  }

  @Test(
    "attributes are at most 32 pairs of bounded keys and values",
    arguments: [
      (32, "key", 256, true), (33, "key", 1, false), (1, String(repeating: "k", count: 64), 0, true),
      (1, String(repeating: "k", count: 65), 0, false), (1, "a.b_9", 1, true), (1, "", 1, false), (1, "A", 1, false),
      (1, "a-b", 1, false), (1, "k", 257, false),
    ])
  func attributes(count: Int, key: String, valueBytes: Int, isAllowed: Bool) throws {
    var activity = activity()
    for number in 0..<count {
      activity.attributes[number == 0 ? key : "\(key)\(number)"] = String(repeating: "v", count: valueBytes)
    }
    #expect(try violations(of: activity) == (isAllowed ? [] : ["activity.attributes"]))
  }

  @Test("everything that is wrong is told at once, up to sixteen things")
  func allAtOnce() throws {
    var activity = Activity(
      occurredAt: 0, entity: "", action: "?", traceID: "?", home: Location(country: "?", latitude: 91))
    #expect(
      try violations(of: activity) == [
        "activity.entity", "activity.action", "activity.occurred_at", "activity.trace_id", "activity.home.country",
        "activity.home.latitude",
      ])
    for number in 0..<20 { activity.attributes["?\(number)"] = "" }
    #expect(try violations(of: activity).count == 16)
  }

  @Test("an activity of 16,384 bytes passes, one of 16,385 does not, unknown fields included")
  func size() throws {
    let known = try ProtobufEncoder().encode(activity())
    for (byteCount, isAllowed) in [(16_384, true), (16_385, false)] {
      // Field 100, of which this version knows nothing: tag and length take four bytes.
      let rest = byteCount - known.count - 4
      let unknown = [0xA2, 0x06] + varint(rest) + [UInt8](repeating: 0x61, count: rest)
      let bytes = [0x0A] + varint(byteCount) + known + unknown
      #expect(known.count + unknown.count == byteCount)
      let refusal = try gate.refusal(of: TestGate.Call(method: .record, bytes: bytes))
      #expect(refusal?.violations.map(\.field) == (isAllowed ? nil : ["activity"]))
    }
  }

  @Test(
    "the activity is required, even an empty one is there", arguments: [EvaluationRequest.Method.evaluate, .record])
  func missingActivity(method: EvaluationRequest.Method) throws {
    let missing = try gate.refusal(of: TestGate.Call(method: method, bytes: []))
    #expect(missing?.code == .invalidArgument)
    #expect(missing?.violations.map(\.field) == ["activity"])
    let empty = try gate.refusal(of: TestGate.Call(method: method, bytes: [0x0A, 0x00]))
    #expect(empty?.violations.map(\.field) == ["activity.entity", "activity.action"])
  }

  @Test("bytes that are no message are refused and cannot be retried")
  func malformed() throws {
    for bytes: [UInt8] in [[0x0A], [0x0A, 0x05, 0x01], [0xFF, 0xFF], [0x0A, 0x03, 0x0A, 0x01, 0xFF]] {
      let refusal = try gate.refusal(of: TestGate.Call(method: .evaluate, bytes: bytes))
      #expect(refusal?.code == .invalidArgument, "\(bytes)")
      #expect(refusal?.retry == .never, "\(bytes)")
    }
  }

  private func varint(_ value: Int) -> [UInt8] {
    var rest = UInt64(value)
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

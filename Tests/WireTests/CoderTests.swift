import AllKinds
import GatehouseProtocol
import Testing

@testable import Wire

@Suite("The coder")
struct CoderTests {
  private func encoded<Message: ProtobufMessage>(_ message: Message) throws -> [UInt8] {
    try ProtobufEncoder().encode(message)
  }

  private func decoded<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) throws -> Message {
    try ProtobufDecoder().decode(type, from: bytes)
  }

  @Test("a message comes back as it was", arguments: [Samples.order, Samples.login, Activity()])
  func roundTrip(activity: Activity) throws {
    let request = EvaluateRequest(activity: activity, mode: .check, durability: .durable)
    #expect(try decoded(EvaluateRequest.self, encoded(request)) == request)
  }

  @Test("every kind of field comes back as it was")
  func allKinds() throws {
    let message = Samples.allKinds
    #expect(try decoded(AllKinds.self, encoded(message)) == message)
    let nested = AllKinds(child: message, children: [message, AllKinds(), message])
    #expect(try decoded(AllKinds.self, encoded(nested)) == nested)
  }

  @Test("a small message is the bytes that the encoding's rules say")
  func knownBytes() throws {
    #expect(try encoded(Money(minorUnits: -150, currency: "EUR")) == [0x08, 0xab, 0x02, 0x12, 3, 0x45, 0x55, 0x52])
    #expect(try encoded(Money()) == [])
    #expect(try encoded(EvaluateRequest(activity: Activity())) == [0x0a, 0])
    #expect(try encoded(AllKinds(anInt32: -1)) == [0x18] + [UInt8](repeating: 0xff, count: 9) + [1])
    #expect(try encoded(AllKinds(int32s: [1, 300])) == [0xda, 0x02, 3, 1, 0xac, 0x02])
    #expect(try encoded(AllKinds(expandedInt32s: [1, 0])) == [0xd0, 0x03, 1, 0xd0, 0x03, 0])
  }

  @Test("explicit presence tells a default from nothing")
  func explicitPresence() throws {
    #expect(try encoded(Activity(occurredAt: 0, wasSuccessful: false)) == [0x10, 0, 0x40, 0])
    let activity = try decoded(Activity.self, [0x10, 0])
    #expect(activity.occurredAt == 0)
    #expect(activity.wasSuccessful == nil)
    #expect(try encoded(AllKinds(choice: .chosenInt32(0))) == [0xc0, 0x02, 0])
    // Of the floating-point zeros only the positive one is the default.
    #expect(try encoded(AllKinds(aFloat: 0)) == [])
    #expect(try encoded(AllKinds(aFloat: -0.0)) == [0x15, 0, 0, 0, 0x80])
  }

  @Test("equal messages are equal bytes, whatever order their maps were filled in")
  func determinism() throws {
    let names = (0..<50).map { "key \($0)" }
    let one = Activity(attributes: Dictionary(uniqueKeysWithValues: names.map { ($0, "v") }))
    let other = Activity(attributes: Dictionary(uniqueKeysWithValues: names.reversed().map { ($0, "v") }))
    #expect(try encoded(one) == encoded(other))
    let numbers = AllKinds(byInt32: [3: "c", -1: "a", 2: "b"])
    #expect(try encoded(numbers).filter { (0x61...0x63).contains($0) } == [0x61, 0x62, 0x63])
  }

  @Test("numbers are accepted packed, not packed, and mixed")
  func packing() throws {
    let bytes: [UInt8] = [0xd8, 0x02, 1, 0xda, 0x02, 0, 0xda, 0x02, 2, 2, 3, 0xd8, 0x02, 4, 0xd2, 0x03, 2, 5, 6]
    let message = try decoded(AllKinds.self, bytes)
    #expect(message.int32s == [1, 2, 3, 4])
    #expect(message.expandedInt32s == [5, 6])
  }

  @Test("of a scalar the last counts, pieces of a message are merged, lists go on")
  func merging() throws {
    let leaves: [UInt8] = [0x8a, 1, 3, 0x0a, 1, 0x61, 0x8a, 1, 2, 0x10, 2, 0x8a, 1, 6, 0x0a, 1, 0x62, 0x22, 1, 0x76]
    let message = try decoded(AllKinds.self, leaves)
    #expect(message.aLeaf == Leaf(name: "b", weight: 1, veins: ["v"]))
  }

  @Test("of a oneof the last on the wire counts, and what came before it does not come back")
  func oneofs() throws {
    let leafA: [UInt8] = [0x82, 5, 3, 0x0a, 1, 0x61]
    let leafWeight: [UInt8] = [0x82, 5, 2, 0x10, 2]
    let number: [UInt8] = [0xc0, 0x02, 7]
    #expect(try decoded(AllKinds.self, leafA + number).choice == .chosenInt32(7))
    #expect(try decoded(AllKinds.self, leafA + leafWeight).choice == .chosenLeaf(Leaf(name: "a", weight: 1)))
    #expect(try decoded(AllKinds.self, leafA + number + leafWeight).choice == .chosenLeaf(Leaf(weight: 1)))
  }

  @Test("numbers that an enumeration does not know are kept")
  func openEnumerations() throws {
    let activity = Activity(category: Category(rawValue: 4711))
    #expect(try decoded(Activity.self, encoded(activity)).category.rawValue == 4711)
    #expect(activity.category.description == "4711")
    #expect(Category.auth.description == "AUTH")
  }

  @Test("needs no more than its fields, however large the message")
  func largeMessages() throws {
    let text = String(repeating: "0123456789", count: 50_000)
    let status = Status(message: text, violations: (0..<2_000).map { FieldViolation(field: "f\($0)") })
    #expect(try decoded(Status.self, encoded(status)) == status)
  }
}

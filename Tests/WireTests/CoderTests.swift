import GatehouseProtocol
import Testing

@testable import Wire

@Suite("The coder")
struct CoderTests {
  private func encoded<Message: ProtobufMessage>(_ message: Message) throws -> [UInt8] {
    try ProtobufEncoder().encode(message)
  }

  @Test("a message comes back as it was", arguments: [Samples.order, Samples.login, Activity()])
  func roundTrip(activity: Activity) throws {
    let request = EvaluateRequest(activity: activity, mode: .check, durability: .durable)
    #expect(try ProtobufDecoder().decode(EvaluateRequest.self, from: encoded(request)) == request)
  }

  @Test("a small message is the bytes that the encoding's rules say")
  func knownBytes() throws {
    #expect(try encoded(Money(minorUnits: -150, currency: "EUR")) == [0x08, 0xab, 0x02, 0x12, 3, 0x45, 0x55, 0x52])
    #expect(try encoded(Money()) == [])
    #expect(try encoded(EvaluateRequest(activity: Activity())) == [0x0a, 0])
  }

  @Test("explicit presence tells a default from nothing")
  func explicitPresence() throws {
    #expect(try encoded(Activity(occurredAt: 0, wasSuccessful: false)) == [0x10, 0, 0x40, 0])
    let decoded = try ProtobufDecoder().decode(Activity.self, from: [0x10, 0])
    #expect(decoded.occurredAt == 0)
    #expect(decoded.wasSuccessful == nil)
  }
}

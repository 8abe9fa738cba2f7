import AllKinds
import GatehouseProtocol
import Testing

@testable import Wire

@Suite("The decoder refuses")
struct RefusalTests {
  private func refusal<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) -> WireError? {
    #expect(throws: WireError.self) { try ProtobufDecoder().decode(type, from: bytes) }
  }

  @Test("with the byte and the field's path in the contract's spelling")
  func paths() {
    let country: [UInt8] = [0x0a, 6, 0x72, 4, 0x0a, 2, 0xc3, 0x28]
    #expect(
      refusal(EvaluateRequest.self, country) == WireError(.invalidUTF8, at: 6, path: "activity.location.country"))
    let unitless: [UInt8] = [0x0a, 3, 0x7a, 1, 0x08]
    #expect(
      refusal(EvaluateRequest.self, unitless) == WireError(.truncated, at: 5, path: "activity.amount.minor_units"))
    let attribute: [UInt8] = [0xaa, 0x01, 3, 0x12, 1, 0xff]
    #expect(refusal(Activity.self, attribute) == WireError(.invalidUTF8, at: 5, path: "attributes"))
    #expect("\(WireError(.truncated, at: 5, path: "a.b"))" == "the bytes end within a value at byte 5 in a.b")
  }

  @Test("what is damaged though nothing of it is kept")
  func droppedOccurrences() {
    // currency: invalid, then "USD"
    #expect(refusal(Money.self, [0x12, 1, 0xff, 0x12, 3, 0x55, 0x53, 0x44])?.code == .invalidUTF8)
    // chosen_leaf { name: invalid }, then chosen_int32
    #expect(refusal(AllKinds.self, [0x82, 5, 3, 0x0a, 1, 0xff, 0xc0, 0x02, 7])?.code == .invalidUTF8)
    // chosen_self { doubles: 3 bytes }, then chosen_int32
    #expect(refusal(AllKinds.self, [0xe2, 0x03, 6, 0xca, 0x02, 3, 1, 2, 3, 0xc0, 0x02, 7])?.code == .truncated)
    // chosen_string: invalid, then chosen_bytes
    #expect(refusal(AllKinds.self, [0x92, 1, 1, 0xff, 0x92, 5, 0])?.code == .invalidUTF8)
  }

  @Test("damage in messages that have no fields")
  func emptyMessages() throws {
    #expect(refusal(Empty.self, [0x0b])?.code == .unterminatedGroup)
    #expect(refusal(AllKinds.self, [0xe2, 5, 1, 0x0b]) == WireError(.unterminatedGroup, at: 4, path: "empty"))
    #expect(try ProtobufDecoder().decode(Empty.self, from: [0x08, 1]) == Empty())
  }

  /// `depth` messages, each the child of the one before, the outermost not counted.
  private func chain(_ depth: Int) -> [UInt8] {
    (0..<depth).reduce([]) { inner, _ in
      var length = [UInt8(inner.count & 0x7f)]
      if inner.count >= 0x80 { length = [length[0] | 0x80, UInt8(inner.count >> 7)] }
      return [0xd2, 5] + length + inner
    }
  }

  @Test("more than a hundred levels, on both ways")
  func nesting() throws {
    var message = try ProtobufDecoder().decode(AllKinds.self, from: chain(100))
    #expect(try ProtobufEncoder().encode(message) == chain(100))
    #expect(refusal(AllKinds.self, chain(101))?.code == .nestingTooDeep)
    message = AllKinds(child: message)
    let error = #expect(throws: WireError.self) { try ProtobufEncoder().encode(message) }
    #expect(error?.code == .nestingTooDeep)
  }

  @Test("messages beyond the limit that the caller set, on both ways")
  func limits() throws {
    var decoder = ProtobufDecoder()
    decoder.maximumBytes = 3
    #expect(throws: WireError(.messageTooLarge, at: 0)) { try decoder.decode(Money.self, from: [0x12, 2, 0x61, 0x62]) }
    var encoder = ProtobufEncoder()
    encoder.maximumBytes = 3
    #expect(throws: WireError(.messageTooLarge, at: 4)) { try encoder.encode(Money(currency: "ab")) }
  }

  @Test("Swift types that do not fit the schema, as a mistake of the message's code")
  func schemaMismatch() {
    #expect(refusal(Mistaken.self, [0x08, 1])?.code == .schemaMismatch)
    #expect(throws: WireError(.schemaMismatch, at: 0)) { try ProtobufEncoder().encode(Mistaken(number: 1)) }
  }

  /// Says `Int` where proto3 has no such type.
  private struct Mistaken: ProtobufMessage {
    var number: Int

    enum CodingKeys: Int, CodingKey { case number = 1 }

    static let schema: ProtobufSchema = .init("Mistaken", [.init(1, "number", .int64)])
  }

  @Test("truncation at every byte, or reads less of the message; it never reads past the end")
  func truncation() throws {
    let bytes = try ProtobufEncoder().encode(Samples.allKinds)
    for count in bytes.indices {
      let start = Array(bytes[..<count])
      if let message = try? ProtobufDecoder().decode(AllKinds.self, from: start) {
        #expect(try ProtobufEncoder().encode(message).count <= count)
      }
    }
  }
}

import GatehouseProtocol
import Testing

@testable import Wire

@Suite("A view in place")
struct ViewTests {
  /// What a message's encoding is, so that numbers are compared bit for bit (NaN and -0.0 too).
  private func bits(_ request: EvaluateRequest) throws -> [UInt8] {
    try ProtobufEncoder().encode(request)
  }

  /// The request that the view shows, or why there is none.
  private func viewed(_ bytes: [UInt8]) -> Result<EvaluateRequest, WireError> {
    bytes.withUnsafeBytes { bytes in
      Result { () throws(WireError) in EvaluateRequest(try EvaluateRequestView(bytes), in: bytes) }
    }
  }

  @Test("shows what the decoder makes of the same bytes, damaged or not", arguments: 0..<8)
  func agreement(seed: UInt64) throws {
    var random = RandomMessages(generator: SeededGenerator(seed: seed))
    var verdicts = (accepted: 0, refused: 0, notCanonical: 0)
    for number in 0..<150 {
      random.density = [0.1, 0.5, 0.9][number % 3]
      let whole = try bits(random.evaluateRequest())
      for bytes in [whole] + (0..<6).map({ _ in random.mutated(whole) }) {
        let decoded = Result { try ProtobufDecoder().decode(EvaluateRequest.self, from: bytes) }
        switch (viewed(bytes), decoded) {
        case (.success(let view), .success(let message)):
          verdicts.accepted += 1
          #expect(try bits(view) == bits(message), "seed \(seed), \(bytes)")
        case (.failure(let error), _) where error.code == .needsCanonicalForm:
          verdicts.notCanonical += 1
        case (.failure, .failure):
          verdicts.refused += 1
        case (let view, let decoded):
          Issue.record("seed \(seed), \(bytes): view \(view), decoder \(decoded)")
        }
      }
    }
    #expect(verdicts.accepted > 300 && verdicts.refused > 200)
  }

  @Test("shows an activity to be recorded")
  func recordActivity() throws {
    let request = RecordActivityRequest(activity: Samples.login, durability: .durable)
    let bytes = try ProtobufEncoder().encode(request)
    let viewed = try bytes.withUnsafeBytes { bytes in
      RecordActivityRequest(try RecordActivityRequestView(bytes), in: bytes)
    }
    #expect(viewed == request)
  }

  @Test("merges the pieces of nested messages that hold no map")
  func merging() throws {
    // activity { location { country: "US" } location { region: "FL" } }
    let bytes: [UInt8] = [0x0a, 12, 0x72, 4, 0x0a, 2, 0x55, 0x53, 0x72, 4, 0x12, 2, 0x46, 0x4c]
    let request = try viewed(bytes).get()
    #expect(request.activity?.location == Location(country: "US", region: "FL"))
  }

  @Test("asks for the canonical form when a message with a map comes in pieces, and shows that")
  func canonicalForm() throws {
    let bytes: [UInt8] = [0x0a, 4, 0x0a, 2, 0x61, 0x31, 0x0a, 4, 0x1a, 2, 0x63, 0x31]
    #expect(throws: WireError(.needsCanonicalForm, at: 7)) { try viewed(bytes).get() }
    let canonical = try bits(ProtobufDecoder().decode(EvaluateRequest.self, from: bytes))
    #expect(try viewed(canonical).get() == EvaluateRequest(activity: Activity(id: "a1", customerID: "c1")))
  }

  @Test("goes over a map's entries though other fields stand between them")
  func entries() throws {
    // attributes { a: 1 }, an unknown group, id: "i", attributes { a: 2 }
    let activity: [UInt8] = [
      0xaa, 0x01, 6, 0x0a, 1, 0x61, 0x12, 1, 0x31, 0xfb, 0x06, 0xfc, 0x06, 0x0a, 1, 0x69,
      0xaa, 0x01, 6, 0x0a, 1, 0x61, 0x12, 1, 0x32,
    ]
    let bytes = [0x0a, UInt8(activity.count)] + activity
    try bytes.withUnsafeBytes { bytes in
      let attributes = try EvaluateRequestView(bytes).activity.attributes
      #expect(attributes.count == 2)
      #expect(attributes.entries(in: bytes).map { $0.value.text(in: bytes) } == ["1", "2"])
    }
  }

  @Test("of nothing shows nothing")
  func empty() throws {
    #expect(try viewed([]).get() == EvaluateRequest())
    #expect(TextMapSlice().isEmpty)
  }
}

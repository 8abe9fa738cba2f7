import Testing

@testable import GatehouseClient

@Suite struct CallGateTests {
  private let log = Log<String>()

  @Test("an open gate lets in, a closed one does not")
  func close() {
    let gate = CallGate()
    #expect(gate.enter())
    #expect(gate.close())
    #expect(!gate.close(), "closed once")
    #expect(!gate.enter())
    #expect(gate.count == 1)
  }

  @Test("when the last one leaves, those who wait are told, once")
  func drain() {
    let gate = CallGate()
    #expect(gate.enter() && gate.enter())
    _ = gate.close()
    gate.whenEmpty { [log] in log.append("empty") }
    gate.leave()
    #expect(log.entries.isEmpty)
    gate.leave()
    #expect(log.entries == ["empty"])
    #expect(!gate.enter())
    #expect(log.entries == ["empty"])
    gate.whenEmpty { [log] in log.append("at once") }
    #expect(log.entries == ["empty", "at once"])
  }

  @Test("however many leave at once, the wait always ends")
  func race() async {
    for _ in 0..<200 {
      let gate = CallGate()
      for _ in 0..<8 { #expect(gate.enter()) }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<8 { group.addTask { gate.leave() } }
        group.addTask {
          _ = gate.close()
          await withCheckedContinuation { continuation in gate.whenEmpty { continuation.resume() } }
        }
      }
      #expect(gate.count == 0)
    }
  }
}

import GatehouseClient
import Journal
import Synchronization
import Testing
import Wire

@testable import Server
@testable import Transport

@Suite("Answers wait until their entries are as safe as asked")
struct AcknowledgementTests {
  /// The calls that were answered, by number, in order.
  private final class Sent: Sendable {
    let calls = Mutex<[UInt32]>([])
    let frames = Mutex<[UInt8]>([])
  }

  private let sent = Sent()
  private let waiting: Acknowledgements

  init() {
    waiting = Acknowledgements { [sent] replies in
      sent.calls.withLock { $0 += replies.replies.map(\.token.call) }
      sent.frames.withLock { $0 += replies.frames }
    }
  }

  private func wait(_ call: UInt32, for index: UInt64, _ durability: Durability) {
    let token = ReplyToken(queue: 0, connection: ConnectionKey(slot: 0, generation: 0), call: call)
    [UInt8(truncatingIfNeeded: call)].withUnsafeBytes {
      waiting.wait(token, for: index, durability: durability, answer: $0)
    }
  }

  private func advance(written: UInt64, durable: UInt64, _ condition: JournalCondition = .open) -> [UInt32] {
    sent.calls.withLock { $0 = [] }
    waiting.advance(JournalProgress(writtenIndex: written, durableIndex: durable, condition: condition))
    return sent.calls.withLock { $0 }
  }

  @Test("not before the watermark of their own level has passed them")
  func watermarks() {
    for call in UInt32(0)..<4 { wait(call, for: UInt64(call / 2), call % 2 == 0 ? .written : .durable) }
    #expect(advance(written: 0, durable: 0) == [])
    #expect(advance(written: 1, durable: 0) == [0])
    #expect(advance(written: 2, durable: 1) == [2, 1])
    #expect(advance(written: 2, durable: 1) == [])
    #expect(advance(written: 2, durable: 2) == [3])
  }

  @Test("what was deferred out of order is answered, at the latest with its neighbour")
  func outOfOrder() {
    wait(1, for: 5, .written)
    wait(2, for: 3, .written)
    #expect(advance(written: 4, durable: 0).isEmpty)
    #expect(advance(written: 6, durable: 0) == [1, 2])
  }

  @Test("a log that fails leaves nobody waiting, and tells nobody that it was recorded")
  func failure() {
    wait(1, for: 5, .written)
    wait(2, for: 5, .durable)
    let failed = JournalCondition.failed(JournalError(.storage, "a disk that died"))
    #expect(advance(written: 5, durable: 5, failed) == [1, 2])
    let header = sent.frames.withLock { $0.withUnsafeBytes { FrameHeader(loading: $0.baseAddress!) } }
    #expect(StatusCode(exactly: header.value) == .unavailable)
    #expect(advance(written: 6, durable: 6, failed) == [])
  }

  @Test(
    "each level is answered as itself, and WRITTEN is there after a kill",
    arguments: [
      Durability.buffered, .written, .durable, .unspecified,
    ])
  func levels(durability: Durability) async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let left = try await house.serve(data: house.dataPath) { served in
      let decision = try await served.client.decide(Counting.order(id: "a"), durability: durability)
      #expect(decision.durability == (durability == .unspecified ? .written : durability))
      #expect(decision.logIndex == 1)
      let record = try await served.client.recordActivity(Counting.order(id: "b"), durability: durability)
      #expect((record.durability, record.logIndex) == (decision.durability, 2))
      return try house.dataAfterKill()
    }
    guard durability != .buffered else { return }
    try await house.serve(data: left) { served in
      let counted = try await served.client.counted()
      #expect(counted == 2)
    }
  }

  @Test("a repeat that wants more than the first call waits for it")
  func strongerRepeat() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      for durability in [Durability.buffered, .written, .durable] {
        let decision = try await served.client.decide(Counting.order(id: "a"), durability: durability)
        #expect((decision.durability, decision.repeated) == (durability, durability != .buffered))
      }
    }
  }
}

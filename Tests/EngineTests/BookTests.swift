import GatehouseProtocol
import Testing
import Wire

@testable import Engine

@Suite("What the engine writes into its book")
struct BookTests {
  private let book = FakeBook()
  private let gate: TestGate

  init() throws { gate = try TestGate(Counting.rules(), book: book) }

  private func entries() throws -> [LogEntry] {
    try book.current.entries.map { try ProtobufDecoder().decode(LogEntry.self, from: $0) }
  }

  @Test("an entry has the caller's activity and the decision that was answered, with its index")
  func entry() throws {
    _ = try gate.record(Counting.order(id: "a"))
    let activity = Counting.order(id: "b", at: TestGate.noon - 7)
    var decision = try gate.evaluate(activity, durability: .durable)
    #expect((decision.logIndex, decision.durability, decision.createdAt) == (1, .durable, TestGate.noon))
    (decision.logIndex, decision.durability, decision.createdAt) = (nil, .unspecified, 0)
    #expect(
      try entries() == [
        LogEntry(createdAt: TestGate.noon, activity: Counting.order(id: "a")),
        LogEntry(createdAt: TestGate.noon, activity: activity, decision: decision),
      ])
    #expect(book.current.isDurableWanted)
    #expect(!book.current.hasBrokenPromise)
  }

  @Test("an entry keeps the caller's own bytes, unknown fields and odd order included")
  func ownBytes() throws {
    // action, then entity, then field 100.
    let activity: [UInt8] = [0x3A, 1] + "x".utf8 + [0x2A, 1] + "y".utf8 + [0xA0, 0x06, 0x2A]
    let request = [0x0A, UInt8(activity.count)] + activity
    _ = try gate.process([TestGate.Call(method: .record, bytes: request)])
    let entry = try #require(book.current.entries.first)
    #expect(entry.count > activity.count && Array(entry.suffix(activity.count)) == activity)
  }

  @Test("the first answer's index comes with every repeat; CHECK and repeats write nothing")
  func repeats() throws {
    _ = try gate.evaluate(Counting.order(id: "a"))
    let repeated = try gate.evaluate(Counting.order(id: "a"))
    #expect((repeated.repeated, repeated.logIndex) == (true, 0))
    #expect(try gate.evaluate(Counting.order(), .check).logIndex == nil)
    let recorded = try gate.record(Counting.order(id: "c"))
    #expect(try gate.record(Counting.order(id: "c")).logIndex == recorded.logIndex)
    #expect(try entries().count == 2)
  }

  @Test(
    "a repeat says how safe it was made for its own caller",
    arguments: [(Durability.buffered, Durability.durable), (.durable, .buffered), (.written, .unspecified)])
  func durabilityOfRepeats(first: Durability, second: Durability) throws {
    _ = try gate.evaluate(Counting.order(id: "a"), durability: first)
    let expected = second == .unspecified ? Durability.written : second
    #expect(try gate.evaluate(Counting.order(id: "a"), durability: second).durability == expected)
    _ = try gate.record(Counting.order(id: "b"), durability: first)
    #expect(try gate.record(Counting.order(id: "b"), durability: second).durability == expected)
  }

  @Test("a durability that is not said, or not known, is the server's")
  func defaultDurability() throws {
    for durability in [Durability.unspecified, Durability(rawValue: 9), Durability(rawValue: -1)] {
      #expect(try gate.evaluate(Counting.order(), durability: durability).durability == .written)
    }
    #expect(try gate.evaluate(Counting.order(), durability: .buffered).durability == .buffered)
  }

  @Test(
    "when the book takes nothing a record is refused before it is counted, and its id stays free",
    arguments: [
      (BookRefusal.overloaded, StatusCode.resourceExhausted), (.tooLarge, .resourceExhausted),
      (.noSpace, .resourceExhausted), (.failed, .unavailable),
    ])
  func refusedBeforeCounting(refusal: BookRefusal, code: StatusCode) throws {
    book.change { $0.reserveRefusal = refusal }
    let answers = try gate.process([
      .evaluate(Counting.order(id: "a")), .evaluate(Counting.order(), .check), .record(Counting.order(id: "b")),
      .evaluate(Counting.order(id: "a")),
    ])
    #expect(answers.map { $0.error?.code } == [code, nil, code, code])
    #expect(answers[1].decision?.fired.first?.message == "1", "CHECK goes on")
    #expect((answers[0].error?.retry == nil) == (refusal == .failed), "a caller is told when to come back")
    #expect((answers[0].error?.retry == .never) == (refusal == .tooLarge))
    book.change { $0.reserveRefusal = nil }
    #expect(try gate.counted() == 0)
    #expect(try !gate.evaluate(Counting.order(id: "a", reason: "other")).repeated)
    #expect(try !gate.record(Counting.order(id: "b")).repeated)
    #expect(try gate.counted() == 2)
    #expect(book.current.openReservations == 0)
  }

  @Test("no more is reserved at once than the book wants to promise, but for a single entry; all is recorded, in order")
  func boundedReservations() throws {
    func orders(_ prefix: Character) throws -> [TestGate.Call] {
      try (0..<20).map { try .evaluate(Counting.order(id: "\(prefix)-\($0 + 10)")) }
    }
    var indices = try gate.process(orders("a")).map { $0.decision?.logIndex }
    let whole = book.current.largestReservation
    #expect(book.current.reservations == 1)
    // Requests are a little longer than the activities in them.
    for (prefix, bytes, reservations) in [("b", 2 * whole, 1...1), ("c", whole / 4, 4...7), ("d", 1, 20...20)] {
      book.change { ($0.reservationBytes, $0.largestReservation, $0.reservations) = (bytes, 0, 0) }
      indices += try gate.process(orders(Character(prefix))).map { $0.decision?.logIndex }
      #expect(reservations.contains(book.current.reservations))
      #expect(book.current.largestReservation <= max(bytes, whole / 20))
    }
    #expect(indices == (0..<80).map { UInt64($0) })
    #expect(try gate.counted() == 80)
  }

  @Test("when the log fails at the append the record is refused and its id stays free")
  func failedAtAppend() throws {
    book.change { $0.appendRefusal = .failed }
    #expect(try gate.refusal(of: .evaluate(Counting.order(id: "a")))?.code == .unavailable)
    book.change { $0.appendRefusal = nil }
    #expect(try !gate.evaluate(Counting.order(id: "a")).repeated)
    #expect(book.current.openReservations == 0)
  }

  @Test("a first answer that was refused leaves its twin in the chunk to be the first")
  func twinOfRefused() throws {
    let twin = try TestGate.Call.evaluate(Counting.order(id: "a"))
    book.change { $0.appendRefusal = .failed }
    #expect(try gate.process([twin, twin]).map { $0.error?.code } == [.unavailable, .unavailable])
  }

  @Test("what was too late is told again after a replay, and the log says it of a decision")
  func restoredTooLate() throws {
    let time = TestGate.noon - TestRules.lateness - 1
    let decision = try gate.evaluate(Counting.order(id: "a", at: time))
    let record = try gate.record(Counting.order(id: "b", at: time))
    #expect(decision.tooLate && record.tooLate)
    #expect(try entries()[0].decision?.tooLate == true)
    let restored = try TestGate(Counting.rules(), book: book)
    try restored.restore(book.current.entries)
    #expect(try restored.evaluate(Counting.order(id: "a", at: time)).tooLate)
    #expect(try restored.record(Counting.order(id: "b", at: time)).tooLate)
    #expect(restored.engine.statistics().tooLateActivities == 0, "counted since the start")
  }

  @Test("replayed entries bring windows and first answers back, and are not written again")
  func restore() throws {
    let first = try gate.evaluate(Counting.order(id: "a"))
    _ = try gate.record(Counting.order(id: "b"))
    _ = try gate.evaluate(Counting.order())
    let restored = try TestGate(Counting.rules(), book: book)
    try restored.restore(book.current.entries)
    #expect(try restored.counted() == 3)
    var expected = first
    expected.repeated = true
    #expect(try restored.evaluate(Counting.order(id: "a")) == expected)
    #expect(try restored.record(Counting.order(id: "b")).repeated)
    #expect(try restored.refusal(of: .record(Counting.order(id: "a")))?.code == .alreadyExists)
    #expect(book.current.entries.count == 3)
  }

  @Test("an entry that is no LogEntry is refused; those before it are restored")
  func restoreRefuses() throws {
    _ = try gate.evaluate(Counting.order(id: "a"))
    let restored = try TestGate(Counting.rules())
    let error = #expect(throws: LoggedEntryError.self) {
      try restored.restore(book.current.entries + [[0x12, 0x7F]] + book.current.entries)
    }
    #expect(error?.index == 1)
    #expect(try restored.counted() == 1)
  }

  @Test("a decision in the log that no answer could hold is refused, the longest that one can is replayed")
  func restoreLongDecision() throws {
    // Fields 2 and 3 of a LogEntry: an activity with the id `a`, and a decision of one unknown field.
    let activity: [UInt8] = [0x0A, 1, 0x61, 0x2A, 1, 0x61, 0x3A, 1, 0x61]
    for (byteCount, isAllowed) in [(1 << 20, true), (1 << 20 | 1, false)] {
      let rest = byteCount - 5
      let length = [UInt8(rest & 0x7F) | 0x80, UInt8(rest >> 7 & 0x7F) | 0x80, UInt8(rest >> 14)]
      let decision = [0xFA, 0x01] + length + [UInt8](repeating: 0x61, count: rest)
      let decisionLength = [
        UInt8(byteCount & 0x7F) | 0x80, UInt8(byteCount >> 7 & 0x7F) | 0x80, UInt8(byteCount >> 14),
      ]
      let entry = [0x12, UInt8(activity.count)] + activity + [0x1A] + decisionLength + decision
      let restored = try TestGate(Counting.rules())
      if isAllowed {
        try restored.restore(Array(repeating: entry, count: 8))
        let repeated = try restored.process(
          Array(repeating: .evaluate(Activity(id: "a", entity: "a", action: "a")), count: 8))
        #expect(repeated.allSatisfy { $0.decision?.repeated == true })
      } else {
        #expect(throws: LoggedEntryError.self) { try restored.restore([entry]) }
      }
    }
  }
}

extension TestGate {
  func restore(_ entries: [[UInt8]]) throws {
    let bytes = Array(entries.joined()) + [0]
    try bytes.withUnsafeBytes { bytes in
      var start = 0
      let logged = entries.enumerated().map { index, entry in
        defer { start += entry.count }
        return LoggedEntry(
          index: UInt64(index), bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.count]))
      }
      try logged.withUnsafeBufferPointer { try evaluator.restore($0) }
    }
  }
}

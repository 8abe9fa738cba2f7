import GatehouseProtocol
import Testing
import Wire

@testable import Engine

@Suite("What Evaluate and RecordActivity leave behind")
struct EvaluateTests {
  private let gate: TestGate

  init() throws { gate = try TestGate(Counting.rules()) }

  @Test("RECORD counts, and sees itself")
  func recordCounts() throws {
    for number in 1...5 {
      let decision = try gate.evaluate(Counting.order())
      #expect(decision.outcome == .friction)
      #expect(decision.fired.map(\.message) == ["\(number)"])
      #expect(decision.fired[0].observations.map(\.value) == [Int64(number)])
    }
    #expect(try gate.counted() == 5)
  }

  @Test("an unspecified mode records")
  func unspecifiedMode() throws {
    _ = try gate.evaluate(Counting.order(), .unspecified)
    #expect(try gate.counted() == 1)
  }

  @Test("a mode that this version does not know is refused and leaves no trace", arguments: [3, 7, -1, Int32.max])
  func unknownMode(number: Int32) throws {
    let before = gate.engine.statistics()
    let call = try TestGate.Call.evaluate(Counting.order(id: "once"), EvaluateRequest.Mode(rawValue: number))
    let refusal = try gate.refusal(of: call)
    #expect(refusal?.code == .invalidArgument)
    #expect(refusal?.violations == [.init(field: "mode", description: "RECORD, CHECK or unspecified")])
    #expect(gate.engine.statistics() == before)
    #expect(try gate.evaluate(Counting.order(id: "once")).repeated == false)
    #expect(try gate.counted() == 1)
  }

  @Test("CHECK answers as RECORD would and changes nothing, whatever was recorded before")
  func checkAnswersAsRecord() throws {
    for number in 0..<20 {
      var activity = Counting.order(card: "card-\(number % 3)", at: TestGate.noon - Int64(number * 977 % 50))
      activity.id = "id-\(number)"
      let before = gate.engine.statistics()
      let checked = try gate.evaluate(activity, .check)
      #expect(try gate.evaluate(activity, .check) == checked)
      #expect(gate.engine.statistics() == before)
      #expect(try gate.evaluate(activity, .record) == checked)
    }
  }

  @Test("CHECK takes no notice of ids: it judges anew, and reserves none")
  func checkIgnoresIDs() throws {
    let activity = Counting.order(id: "once")
    _ = try gate.evaluate(activity, .check)
    #expect(try !gate.evaluate(activity).repeated)
    let checked = try gate.evaluate(activity, .check)
    #expect(!checked.repeated)
    #expect(checked.fired[0].observations[0].value == 2)
    #expect(try gate.evaluate(Counting.order(id: "once", reason: "other"), .check).outcome == .friction)
  }

  @Test("RecordActivity counts without judging")
  func recordActivity() throws {
    #expect(try gate.record(Counting.order()) == RecordActivityResponse(createdAt: TestGate.noon))
    #expect(try gate.counted() == 1)
  }

  @Test("calls of one chunk see each other in their order")
  func chunkOrder() throws {
    let calls: [TestGate.Call] = try (0..<64).map {
      try $0 % 4 == 3 ? .record(Counting.order()) : .evaluate(Counting.order(), $0 % 4 == 1 ? .check : .record)
    }
    let answers = try gate.process(calls)
    var counted: Int64 = 0
    for (number, answer) in answers.enumerated() {
      if let decision = answer.decision {
        #expect(decision.fired[0].observations[0].value == counted + 1, "call \(number)")
      }
      if number % 4 != 1 { counted += 1 }
    }
  }

  @Test("kinds that no rule names pass, and are recorded")
  func unknownKinds() throws {
    let decision = try gate.evaluate(Activity(id: "a", entity: "ticket", action: "open"))
    #expect(decision == Decision(ruleSetVersion: TestRules.version, createdAt: TestGate.noon))
    #expect(try gate.evaluate(Activity(id: "a", entity: "ticket", action: "open")).repeated)
    #expect(try gate.record(Activity(entity: "ticket", action: "open")).createdAt == TestGate.noon)
    #expect(gate.engine.statistics().keys == 0)
  }

  @Test("without a time of its own an activity has the server's")
  func ownTime() throws {
    _ = try gate.evaluate(Counting.order(), now: TestGate.noon - TestRules.hour)
    #expect(try gate.counted(now: TestGate.noon - 1) == 1)
    #expect(try gate.counted() == 0)
  }

  @Test("an activity as late as the lateness counts in its place; a later one is recorded, counted nowhere and told so")
  func lateness() throws {
    let limit = TestGate.noon - TestRules.lateness
    #expect(try gate.evaluate(Counting.order(at: limit)).fired[0].observations[0].value == 1)
    let tooLate = try gate.evaluate(Counting.order(id: "late", at: limit - 1))
    #expect(tooLate.createdAt == TestGate.noon && tooLate.tooLate)
    #expect(try gate.record(Counting.order(at: limit - 1)).tooLate)
    #expect(try !gate.record(Counting.order(at: limit)).tooLate)
    #expect(try gate.evaluate(Counting.order(at: limit - 1), .check).tooLate)
    #expect(try gate.evaluate(Activity(occurredAt: limit - 1, entity: "no", action: "rule")).tooLate)
    #expect(gate.engine.statistics().tooLateActivities == 3, "what was only looked at is not among them")
    let seenThen = try gate.evaluate(Counting.order(at: limit + 1), .check)
    #expect(!seenThen.tooLate)
    #expect(seenThen.fired[0].observations[0].value == 3, "its own and the two that were just in time")
    let again = try gate.evaluate(Counting.order(id: "late", at: limit - 1))
    #expect(again.repeated && again.tooLate)
  }

  @Test("an activity in pieces is what its pieces make together")
  func activityInPieces() throws {
    let whole = Counting.order(id: "pieces", card: "card")
    let first = try ProtobufEncoder().encode(EvaluateRequest(activity: Activity(id: "pieces", entity: "other")))
    let second = try ProtobufEncoder().encode(
      EvaluateRequest(activity: Activity(entity: "order", action: "create", card: Card(fingerprint: "card"))))
    let answer = try gate.process([TestGate.Call(method: .evaluate, bytes: first + second)])[0]
    #expect(answer.decision?.fired.map(\.message) == ["1"])
    #expect(try gate.evaluate(whole).repeated, "its content is the canonical form")
    let record = TestGate.Call(method: .record, bytes: Array(first.prefix(2 + Int(first[1]))) + second)
    #expect(try gate.process([record])[0].error?.code == .alreadyExists, "the id was an Evaluate's")
    #expect(try gate.counted() == 1)
  }

  @Test("a request of the full length is read, a longer one is refused unread")
  func requestTooLong() throws {
    let call = try TestGate.Call.evaluate(Counting.order())
    for excess in 0...1 {
      // An unknown field 15: its tag and its length take four bytes.
      let count = EvaluationRequest.maxPayloadBytes + excess - call.bytes.count - 4
      let length = [UInt8(count & 0x7F | 0x80), UInt8(count >> 7 & 0x7F | 0x80), UInt8(count >> 14)]
      let bytes = call.bytes + [0x7A] + length + Array(repeating: 0, count: count)
      let answer = try gate.process([TestGate.Call(method: .evaluate, bytes: bytes)])[0]
      #expect(answer.error?.code == (excess == 0 ? nil : .invalidArgument))
    }
    #expect(try gate.counted() == 1)
  }

  @Test("a server without a log promises nothing that outlives it")
  func durabilityWithoutLog() throws {
    #expect(try gate.evaluate(Counting.order(), durability: .buffered).durability == .unspecified)
    for durability in [Durability.written, .durable] {
      let refusal = try gate.refusal(of: .evaluate(Counting.order(id: "x"), durability: durability))
      #expect(refusal?.code == .failedPrecondition)
      #expect(refusal?.violations.map(\.field) == ["durability"])
      #expect(try gate.evaluate(Counting.order(), .check, durability: durability).durability == .unspecified)
    }
    #expect(try gate.counted() == 1)
    #expect(try !gate.evaluate(Counting.order(id: "x")).repeated, "a refused call leaves no id behind")
  }

  @Test("a refused call among others changes nothing for them")
  func refusalInTheMiddle() throws {
    let answers = try gate.process([
      .evaluate(Counting.order(id: "a")), .evaluate(nil), .evaluate(Activity(id: "a")),
      .evaluate(Counting.order(id: "b")),
    ])
    #expect(answers.map { $0.error?.code } == [nil, .invalidArgument, .invalidArgument, nil])
    #expect(answers.compactMap { $0.decision?.fired[0].message } == ["1", "2"])
  }
}

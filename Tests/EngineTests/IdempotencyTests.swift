import GatehouseProtocol
import Synchronization
import Testing
import Wire

@testable import Engine

@Suite("A retry never counts twice")
struct IdempotencyTests {
  private let gate: TestGate

  init() throws { gate = try TestGate(Counting.rules()) }

  @Test("the same id with the same content gets the first answer, marked, and counts nothing")
  func repeated() throws {
    let first = try gate.evaluate(Counting.order(id: "a"))
    _ = try gate.evaluate(Counting.order(id: "b"))
    var expected = first
    expected.repeated = true
    #expect(try gate.evaluate(Counting.order(id: "a"), now: TestGate.noon + 5) == expected)
    #expect(try gate.counted() == 2)

    let recorded = try gate.record(Counting.order(id: "c"))
    #expect(!recorded.repeated)
    let again = try gate.record(Counting.order(id: "c"), now: TestGate.noon + 5)
    #expect(again == RecordActivityResponse(createdAt: TestGate.noon, repeated: true))
    #expect(try gate.counted() == 3)
  }

  @Test("other content under the same id is an error and counts nothing")
  func conflict() throws {
    let first = try gate.evaluate(Counting.order(id: "a"))
    let refusal = try gate.refusal(of: .evaluate(Counting.order(id: "a", reason: "other")))
    #expect(refusal?.code == .alreadyExists)
    #expect(refusal?.violations.map(\.field) == ["activity.id"])
    #expect(refusal?.retry == .never)
    let otherMethod = try gate.refusal(of: .record(Counting.order(id: "a")))
    #expect(otherMethod?.code == .alreadyExists, "another method is other content")
    #expect(try gate.counted() == 1)
    #expect(try gate.evaluate(Counting.order(id: "a")).fired == first.fired)
  }

  @Test("without an id every call is new")
  func noID() throws {
    for _ in 0..<3 { #expect(try !gate.evaluate(Counting.order()).repeated) }
    #expect(try gate.counted() == 3)
    #expect(gate.engine.statistics().rememberedIDs == 0)
  }

  @Test("the same id in one chunk is answered in order: first, repeats, conflict")
  func oneChunk() throws {
    let answers = try gate.process([
      .evaluate(Counting.order(id: "a")), .evaluate(Counting.order(id: "a")), .evaluate(Counting.order(id: "b")),
      .evaluate(Counting.order(id: "a", reason: "other")), .record(Counting.order(id: "c")),
      .record(Counting.order(id: "c")), .evaluate(Counting.order(id: "a")),
    ])
    #expect(answers.map { $0.decision?.repeated } == [false, true, false, nil, nil, nil, true])
    #expect(answers[3].error?.code == .alreadyExists)
    #expect(answers[0].decision?.fired == answers[6].decision?.fired)
    #expect(answers[5] == .recorded(RecordActivityResponse(createdAt: TestGate.noon, repeated: true)))
    #expect(try gate.counted() == 3)
  }

  @Test("a chunk of nothing but one id is one call and 63 repeats")
  func fullChunk() throws {
    let answers = try gate.process(Array(repeating: .evaluate(Counting.order(id: "a")), count: 64))
    #expect(answers.compactMap { $0.decision?.repeated } == [false] + Array(repeating: true, count: 63))
    #expect(try gate.counted() == 1)
  }

  @Test("of many threads with one id exactly one is counted, and all others learn its answer")
  func manyThreads() async throws {
    let engine = gate.engine
    let rounds = 100
    let answers = Mutex<[[TestGate.Answer]]>(Array(repeating: [], count: rounds))
    await onThreads(4) { _, line in
      let gate = TestGate(engine)
      for round in 0..<rounds {
        line.wait()
        let answer = Self.persist(gate, Counting.order(id: "id-\(round)", card: "card-\(round)"))
        answers.withLock { $0[round].append(answer) }
      }
    }
    for (round, answers) in answers.withLock({ $0 }).enumerated() {
      let decisions = answers.compactMap(\.decision)
      #expect(decisions.count == 4, "round \(round): \(answers)")
      #expect(decisions.count { !$0.repeated } == 1, "round \(round)")
      #expect(decisions.allSatisfy { $0.fired == decisions[0].fired }, "round \(round)")
      #expect(try gate.counted(card: "card-\(round)") == 1, "round \(round)")
    }
  }

  /// Asks until the answer is final, as a client does when it is told ABORTED.
  private static func persist(_ gate: TestGate, _ activity: Activity) -> TestGate.Answer {
    while true {
      do {
        let answer = try gate.process([.evaluate(activity)])[0]
        guard let error = answer.error, error.code == .aborted, error.retry != nil else { return answer }
      } catch {
        return .refused(RPCError(.internal, "\(error)"))
      }
    }
  }
}

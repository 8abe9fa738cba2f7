import Testing
import Windows

@testable import Engine

@Suite("The memory of answers")
struct AnswerMemoryTests {
  private func id(_ number: UInt64) -> Hash128 {
    Hash128(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
  }

  private func bytes(_ recall: AnswerMemory.Recall) -> [UInt8]? {
    if case .answered(let answer) = recall { return Array(answer) }
    return nil
  }

  @Test("a new id is reserved, then pending, then answered with its own bytes")
  func lifeOfAnID() {
    let memory = AnswerMemory(entries: 1_024, bytes: 1 << 20, retentionSeconds: 60)
    guard case .new = memory.recall(id(1), content: 7, now: 0) else {
      Issue.record("not new")
      return
    }
    guard case .pending = memory.recall(id(1), content: 7, now: 0) else {
      Issue.record("not pending")
      return
    }
    [1, 2, 3].withUnsafeBytes { memory.remember(id(1), answer: $0, now: 0) }
    #expect(bytes(memory.recall(id(1), content: 7, now: 0)) == [1, 2, 3].withUnsafeBytes(Array.init))
    guard case .conflict = memory.recall(id(1), content: 8, now: 0) else {
      Issue.record("not a conflict")
      return
    }
  }

  @Test("a released id is new again")
  func release() {
    let memory = AnswerMemory(entries: 1_024, bytes: 1 << 20, retentionSeconds: 60)
    _ = memory.recall(id(1), content: 7, now: 0)
    memory.release(id(1))
    guard case .new = memory.recall(id(1), content: 9, now: 0) else {
      Issue.record("not new")
      return
    }
  }

  @Test("an id that had to go before its time is counted; one that had outlived it is not")
  func forgetting() {
    let memory = AnswerMemory(entries: 1_024, bytes: 1 << 20, retentionSeconds: 60)
    for number in 0..<1_024 { _ = memory.recall(id(UInt64(number)), content: 0, now: 1_000) }
    _ = memory.recall(id(5_000), content: 0, now: 2_000)
    #expect(memory.forgottenEarly == 1)
    _ = memory.recall(id(5_001), content: 0, now: 100_000)
    #expect(memory.forgottenEarly == 1)
    #expect(memory.count == 1_024)
  }

  @Test(
    "agrees with a dictionary over random reservations, answers out of order, releases and forgetting",
    arguments: 1...20)
  func model(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let memory = AnswerMemory(entries: 1_024, bytes: 1 << 20, retentionSeconds: 60)
    var answers: [UInt64: [UInt8]] = [:]
    var pending: [UInt64] = []
    for step in 0..<6_000 {
      let number = random.next() % 3_000
      switch memory.recall(id(number), content: number, now: Int64(step)) {
      case .new:
        answers[number] = nil
        pending.append(number)
      case .answered(let bytes):
        #expect(answers[number] == Array(bytes), "seed \(seed) step \(step)")
      case .pending:
        #expect(pending.contains(number), "seed \(seed) step \(step)")
      case .conflict:
        Issue.record("a conflict where none was, seed \(seed) step \(step)")
      }
      guard pending.count > 8 || random.next() % 3 == 0, !pending.isEmpty else { continue }
      let chosen = pending.remove(at: Int(random.next() % UInt64(pending.count)))
      if random.next() % 10 == 0 {
        memory.release(id(chosen))
      } else {
        let answer = [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: Int(random.next() % 4_000))
        answer.withUnsafeBytes { memory.remember(id(chosen), answer: $0, now: Int64(step)) }
        answers[chosen] = answer
      }
    }
    #expect(memory.forgottenEarly > 0)
  }
}

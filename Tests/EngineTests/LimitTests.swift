import GatehouseProtocol
import Synchronization
import Testing

@testable import Engine

@Suite("Of N simultaneous calls at a limit of L exactly L pass", .serialized)
struct LimitTests {
  /// How the own times of the calls on one key lie to each other.
  enum Times: CaseIterable, Sendable {
    case equal, increasing, shuffled

    func time(of call: Int, shuffle: UInt64) -> Int64 {
      switch self {
      case .equal: TestGate.noon
      case .increasing: TestGate.noon - 100 + Int64(call)
      case .shuffled: TestGate.noon - Int64((UInt64(call) &* 0x9E37_79B9 ^ shuffle) % 60_000)
      }
    }
  }

  enum Counter: CaseIterable, Sendable {
    case count, distinct

    var rules: String {
      let counter = self == .count ? "count" : "distinct location.country"
      return """
        counter c = \(counter) of order.create by card.fingerprint
        rule limit
          on order.create
          when c over 1h > \(LimitTests.limit)
          then access_blocked
        """
    }
  }

  static let limit = 3
  private static let callsOnKey = 8
  private static let threads = 4
  private static let rounds = 63
  private static let keysOfRound = 16

  /// Each thread gives each key of a round two calls, the keys in an order of its own; all threads begin a round together.
  @Test("over many threads, a thousand times", arguments: Counter.allCases, Times.allCases)
  func threads(counter: Counter, times: Times) async throws {
    let engine = try TestGate.engine(try TestRules.compile(counter.rules))
    let passed = Mutex(Array(repeating: 0, count: Self.rounds * Self.keysOfRound))
    let failure = Mutex<(any Error)?>(nil)
    await onThreads(Self.threads) { thread, line in
      let gate = TestGate(engine)
      var random = SeededRandom(seed: UInt64(thread))
      for round in 0..<Self.rounds {
        let keys = Self.keys(round, &random)
        line.wait()
        do {
          let decisions = try Self.decisions(gate, keys, thread, times)
          for (key, decision) in zip(keys, decisions) where decision.outcome == .none {
            passed.withLock { $0[key] += 1 }
          }
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    #expect(passed.withLock { $0 } == Array(repeating: Self.limit, count: Self.rounds * Self.keysOfRound))
  }

  private static func keys(_ round: Int, _ random: inout SeededRandom) -> [Int] {
    let keys = round * keysOfRound..<(round + 1) * keysOfRound
    return (0..<callsOnKey / threads).flatMap { _ in keys.shuffled(using: &random) }
  }

  private static func decisions(
    _ gate: TestGate, _ keys: [Int], _ thread: Int, _ times: Times
  ) throws -> [Decision] {
    let calls = try keys.enumerated().map { position, key in
      // Numbered so that no two calls on one key are alike.
      let call = thread + (position / keysOfRound) * threads
      var order = Counting.order(card: "card-\(key)", at: times.time(of: call, shuffle: UInt64(key)))
      order.location = Location(country: String(["U", "V"][call / 4]) + String(["A", "B", "C", "D"][call % 4]))
      return try TestGate.Call.evaluate(order)
    }
    return try gate.process(calls).map { answer in
      if let error = answer.error { throw error }
      return try #require(answer.decision)
    }
  }
}

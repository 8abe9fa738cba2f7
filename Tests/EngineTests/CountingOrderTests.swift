import GatehouseProtocol
import Glibc
import Rules
import Synchronization
import Testing
import Wire

@testable import Engine

@Suite("Keys are counted on their shard's queue, in the order of the log")
struct CountingOrderTests {
  /// Every decision tells how many orders of its card, its customer and its session stood before it.
  private static func rules() throws -> RuleSet {
    try TestRules.compile(
      """
      counter cards = count of order.create by card.fingerprint
      counter customers = count of order.create by customer_id
      counter sessions = count of order.create by session_id
      rule seen
        on order.create
        when cards over 1h > 0 or customers over 1h > 0 or sessions over 1h > 0
        then friction "{cards over 1h} {customers over 1h} {sessions over 1h}"
      """)
  }

  private static func order(_ random: inout SeededRandom) -> Activity {
    var order = Counting.order(card: "card-\(random.next() % 20)")
    order.customerID = "customer-\(random.next() % 17)"
    order.sessionID = "session-\(random.next() % 13)"
    return order
  }

  /// How many entries of the log say something else than a judge says who sees them one by one.
  private static func differences(_ book: FakeBook, rules: RuleSet) throws -> Int {
    let alone = try TestGate(rules)
    return try book.current.entries.count { bytes in
      let entry = try ProtobufDecoder().decode(LogEntry.self, from: bytes)
      return try alone.evaluate(entry.activity).fired != entry.decision?.fired
    }
  }

  @Test(
    "however many evaluators count at once, who judges the log entry by entry comes to the same", arguments: [2, 5])
  func orderOfTheLog(shards: Int) async throws {
    let (threads, chunks) = (4, 60)
    let book = FakeBook()
    let engine = try TestGate.engine(Self.rules(), book: book) { $0.shards = shards }
    let failures = Mutex<[String]>([])
    await onThreads(threads) { thread, _ in
      let gate = TestGate(engine)
      var random = SeededRandom(seed: UInt64(thread))
      do {
        for _ in 0..<chunks {
          _ = try gate.process((0..<Int(random.next() % 40) + 1).map { _ in try .evaluate(Self.order(&random)) })
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(book.current.entries.count > threads * chunks)
    #expect(try Self.differences(book, rules: Self.rules()) == 0)
  }

  @Test("a chunk that is held up at one shard is overtaken at no other")
  func overtaking() async throws {
    let book = FakeBook()
    let engine = try TestGate.engine(Counting.rules(), book: book) { $0.shards = 2 }
    let cards = try Self.cards(of: engine)
    let rounds = 50
    await onThreads(3) { thread, line in
      let gate = TestGate(engine)
      for _ in 0..<rounds {
        line.wait()
        switch thread {
        case 0:
          engine.shards[0].queue.sync {
            line.wait()
            // Both have begun; what they can reach they reach now.
            while book.current.openReservations < 2 { sched_yield() }
            for _ in 0..<1_000 { sched_yield() }
          }
        case 1:
          line.wait()
          _ = try? gate.process(cards.map { try .evaluate(Counting.order(card: $0)) })
        default:
          line.wait()
          while book.current.openReservations == 0 { sched_yield() }
          _ = try? gate.process([.evaluate(Counting.order(card: cards[1]))])
        }
      }
    }
    #expect(book.current.entries.count >= rounds * 3 + 2)
    #expect(try Self.differences(book, rules: Counting.rules()) == 0)
  }

  /// A card whose orders are counted at shard 0, and one at shard 1.
  private static func cards(of engine: Engine) throws -> [String] {
    let gate = TestGate(engine)
    var cards: [String?] = [nil, nil]
    for number in 0..<64 {
      let before = keys(ofShard: 1, engine)
      _ = try gate.evaluate(Counting.order(card: "card-\(number)"))
      cards[keys(ofShard: 1, engine) - before] = "card-\(number)"
    }
    return try cards.map { try #require($0) }
  }

  private static func keys(ofShard number: Int, _ engine: Engine) -> Int {
    engine.shards[number].queue.sync { engine.generation.ownedTables(ofShard: number)[0].count }
  }

  @Test("who touches a shard's windows elsewhere than on its queue is stopped")
  func confinement() async {
    await #expect(processExitsWith: .failure) {
      let engine = try TestGate.engine(Counting.rules())
      engine.shards[0].sweep(engine.generation, before: 0, operations: 1)
    }
    await #expect(processExitsWith: .success) {
      let engine = try TestGate.engine(Counting.rules())
      engine.shards[0].queue.sync { engine.shards[0].sweep(engine.generation, before: 0, operations: 1) }
    }
  }
}

import GatehouseProtocol
import Rules
import Synchronization
import Testing
import Windows
import Wire

@testable import Engine

@Suite("An engine is copied while calls go on, and comes back from the copy and the log")
struct EngineCopyTests {
  /// A copy in the making: its pieces, and where the log must be replayed from.
  private struct Copy {
    var pieces: [(kind: EnginePiece, bytes: [UInt8])] = []
    var firstIndex: UInt64 = 0
    var endIndex: UInt64 = 0
  }

  /// Rules over many keys, of every kind of window.
  private static func rules() throws -> RuleSet {
    try TestRules.compile(
      """
      counter orders = count of order.create by card.fingerprint
      counter ways = distinct location.country of order.create by card.fingerprint, customer_id
      counter spent = sum amount.minor_units of order.create by customer_id
      counter largest = max amount.minor_units of order.create by customer_id
      rule seen
        on order.create
        when orders over 1h > 3 or ways over 2h > 2 or spent over 1h > 100 or largest over 1h > 100
        then friction "{orders over 1h} {ways over 2h} {spent over 1h} {largest over 1h}"
      """)
  }

  private static func order(_ random: inout SeededRandom) -> Activity {
    var order = Counting.order(
      id: random.next() % 4 == 0 ? "" : "id-\(random.next() % 4_000)", card: "card-\(random.next() % 900)",
      at: TestGate.noon - Int64(random.next() % 5_000_000))
    order.customerID = "customer-\(random.next() % 700)"
    order.location = Location(country: random.next() % 2 == 0 ? "US" : "CA")
    order.amount = Money(minorUnits: Int64(random.next() % 1_000), currency: "USD")
    return order
  }

  /// Records `count` chunks and copies a piece now and then.
  private static func live(
    _ gate: TestGate, _ book: FakeBook, _ random: inout SeededRandom, chunks: Int
  ) throws -> Copy {
    func record() throws {
      let orders = (0..<Int(random.next() % 60) + 1).map { _ in order(&random) }
      _ = try gate.process(orders.map { try random.next() % 3 == 0 ? .record($0) : .evaluate($0) })
    }
    for _ in 0..<chunks { try record() }
    var copy = Copy()
    let copier = gate.engine.makeCopier { UInt64(book.current.entries.count) }
    copy.firstIndex = copier.firstIndex
    var bytes: [UInt8] = []
    while let kind = try copier.next(into: &bytes) {
      copy.pieces.append((kind, bytes))
      bytes.removeAll()
      if random.next() % 2 == 0 { try record() }
    }
    copy.endIndex = copier.endIndex
    for _ in 0..<3 { try record() }
    return copy
  }

  private static func restored(
    _ copy: Copy, _ book: FakeBook, shards: Int, isCutRegarded: Bool = true
  ) throws -> TestGate {
    let gate = try TestGate(rules()) { $0.shards = shards }
    let loader = EngineLoader(gate.engine)
    for piece in copy.pieces { try piece.bytes.withUnsafeBytes { try loader.load(piece.kind, $0) } }
    let cut = try #require(try loader.finish())
    #expect(cut.endIndex <= copy.endIndex)
    for index in Int(copy.firstIndex)..<book.current.entries.count {
      try book.current.entries[index].withUnsafeBytes { bytes in
        let entry = [LoggedEntry(index: UInt64(index), bytes: bytes)]
        try entry.withUnsafeBufferPointer { try gate.evaluator.restore($0, behind: isCutRegarded ? cut : nil) }
      }
    }
    return gate
  }

  /// Every key with its window, in order, by counter.
  private static func windows(_ engine: Engine) -> [[UInt8]] {
    engine.rules.counters.indices.map { counter in
      engine.shards.flatMap { shard in
        shard.queue.sync { keys(of: engine.generation.ownedTables(ofShard: shard.number)[counter]) }
      }.sorted { $0.key < $1.key }.flatMap(\.bytes)
    }
  }

  private static func keys(of table: WindowTable) -> [(key: Hash128, bytes: [UInt8])] {
    var keys: [(key: Hash128, bytes: [UInt8])] = []
    while true {
      var bytes: [UInt8] = []
      _ = table.exportKeys(after: keys.last?.key, limit: 1, to: &bytes)
      guard let key = bytes.withUnsafeBytes({ WindowTable.exportedKey($0, at: 0) }) else { return keys }
      keys.append((key, bytes))
    }
  }

  @Test("every window and every answer is as it was, however the copy and the calls are interleaved", arguments: 1...4)
  func interleaved(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let book = FakeBook()
    let gate = try TestGate(Self.rules(), book: book)
    let copy = try Self.live(gate, book, &random, chunks: 80)
    #expect(copy.firstIndex < copy.endIndex && copy.endIndex < UInt64(book.current.entries.count), "seed \(seed)")
    #expect(copy.pieces.count > 12)
    let windows = Self.windows(gate.engine)
    #expect(windows.allSatisfy { $0.count > 10_000 })
    let careless = try Self.restored(copy, book, shards: 2, isCutRegarded: false)
    #expect(Self.windows(careless.engine) != windows, "without the cut some activities count twice")
    for shards in [2, 5] {
      let restored = try Self.restored(copy, book, shards: shards)
      #expect(Self.windows(restored.engine) == windows, "seed \(seed), \(shards) shards")
      for entry in book.current.entries {
        let activity = try #require(try ProtobufDecoder().decode(LogEntry.self, from: entry).activity)
        if activity.id.isEmpty { continue }
        let calls: [TestGate.Call] = [try .evaluate(activity), try .record(activity)]
        for call in calls {
          let (first, again) = (try gate.process([call])[0], try restored.process([call])[0])
          #expect(Self.withoutDurability(first) == Self.withoutDurability(again), "seed \(seed), \(activity.id)")
        }
      }
    }
  }

  @Test("evaluators that restore side by side leave what one alone does", arguments: 21...23)
  func sideBySide(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let book = FakeBook()
    _ = try Self.live(try TestGate(Self.rules(), book: book), book, &random, chunks: 80)
    let entries = book.current.entries
    let (alone, together) = (try TestGate(Self.rules()), try TestGate(Self.rules()))
    for first in stride(from: 0, to: entries.count, by: 50) {
      try Self.restore(entries, first..<min(first + 50, entries.count), alone.evaluator, RestoreOrder().next())
    }
    let order = RestoreOrder()
    let taken = Atomic(0)
    let places = (0..<(entries.count + 19) / 20).map { _ in order.next() }
    let engine = together.engine
    await onThreads(4) { _, _ in
      let evaluator = engine.makeEvaluator()
      while true {
        let chunk = taken.add(1, ordering: .relaxed).oldValue
        guard chunk < places.count else { return }
        let range = chunk * 20..<min(chunk * 20 + 20, entries.count)
        #expect(throws: Never.self) { try Self.restore(entries, range, evaluator, places[chunk]) }
      }
    }
    #expect(Self.windows(together.engine) == Self.windows(alone.engine), "seed \(seed)")
    #expect(Self.answers(together.engine) == Self.answers(alone.engine), "seed \(seed)")
    #expect(Self.answers(alone.engine).allSatisfy { $0.count > 10_000 })
  }

  private static func restore(
    _ entries: [[UInt8]], _ range: Range<Int>, _ evaluator: Evaluator, _ place: RestoreOrder.Place
  ) throws {
    let bytes = Array(entries[range].joined())
    try bytes.withUnsafeBytes { bytes in
      var start = 0
      let logged = range.map { index in
        defer { start += entries[index].count }
        return LoggedEntry(
          index: UInt64(index),
          bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + entries[index].count]))
      }
      try logged.withUnsafeBufferPointer { try evaluator.restore($0, at: place) }
    }
  }

  /// The remembered answers of each shard, in the order of their arrival.
  private static func answers(_ engine: Engine) -> [[UInt8]] {
    engine.shards.map { shard in
      shard.queue.sync {
        var bytes: [UInt8] = []
        _ = shard.answers.exportAnswers(from: 0, limit: .max / 2, to: &bytes)
        return bytes
      }
    }
  }

  /// The restored engine has no log, so it promises nothing.
  private static func withoutDurability(_ answer: TestGate.Answer) -> TestGate.Answer {
    switch answer {
    case .decision(var decision):
      decision.durability = .unspecified
      return .decision(decision)
    case .recorded(var recorded):
      recorded.durability = .unspecified
      return .recorded(recorded)
    case .refused: return answer
    }
  }

  @Test("what is observed of a key that had to give way stays marked, with any number of shards", arguments: [2, 3])
  func losses(shards: Int) throws {
    func gate(_ shards: Int) throws -> TestGate {
      try TestGate(Counting.rules()) { ($0.maxKeysPerTable, $0.shards) = (50, shards) }
    }
    let before = try gate(2)
    for number in 0..<500 { _ = try before.evaluate(Counting.order(card: "card-\(number)")) }
    let after = try gate(shards)
    let (copier, loader) = (before.engine.makeCopier { 500 }, EngineLoader(after.engine))
    var bytes: [UInt8] = []
    while let kind = try copier.next(into: &bytes) {
      try bytes.withUnsafeBytes { try loader.load(kind, $0) }
      bytes.removeAll()
    }
    _ = try loader.finish()
    func isMarked(_ gate: TestGate, _ number: Int) throws -> Bool {
      let observed = try gate.evaluate(Counting.order(card: "card-\(number)"), .check).fired.last?.observations.first
      return try #require(observed).incomplete
    }
    for number in 0..<500 where try isMarked(before, number) { #expect(try isMarked(after, number), "card \(number)") }
    #expect(try (0..<500).contains { try isMarked(after, $0) })
  }

  @Test("a copy does not outlive a change of rules")
  func rulesChanged() throws {
    let gate = try TestGate(Self.rules())
    let copier = gate.engine.makeCopier { 0 }
    var bytes: [UInt8] = []
    _ = try copier.next(into: &bytes)
    try gate.engine.adopt(Self.rules(), at: TestGate.noon)
    #expect(throws: EngineError.rulesChanged) { try copier.next(into: &bytes) }
  }

  @Test("pieces that are cut, of other rules, or out of order are refused, and an incomplete copy has no cut")
  func badPieces() throws {
    var random = SeededRandom(seed: 9)
    let book = FakeBook()
    let copy = try Self.live(try TestGate(Self.rules(), book: book), book, &random, chunks: 10)
    func load(_ pieces: [(kind: EnginePiece, bytes: [UInt8])], rules: RuleSet) throws -> EngineLoader {
      let loader = EngineLoader(try TestGate.engine(rules))
      for piece in pieces { try piece.bytes.withUnsafeBytes { try loader.load(piece.kind, $0) } }
      return loader
    }
    #expect(try load(copy.pieces, rules: Self.rules()).finish() != nil)
    #expect(try load(copy.pieces.filter { $0.kind == .answers }, rules: Self.rules()).finish() == nil)
    #expect(throws: EngineError.self) { try load(copy.pieces, rules: try Counting.rules()).finish() }
    #expect(throws: EngineError.self) { try load(copy.pieces + copy.pieces, rules: Self.rules()).finish() }
    for piece in copy.pieces {
      let cut = Array(piece.bytes.dropLast())
      if cut.isEmpty { continue }
      #expect(throws: EngineError.self) { try load([(piece.kind, cut)], rules: Self.rules()).finish() }
    }
  }

  @Test("calls on many threads lose nothing while copies are made")
  func underLoad() async throws {
    let engine = try TestGate.engine(try Counting.rules())
    let (threads, chunks) = (3, 40)
    await onThreads(threads + 1) { thread, _ in
      if thread == threads {
        for _ in 0..<40 {
          let copier = engine.makeCopier { 0 }
          var bytes: [UInt8] = []
          while let kind = try? copier.next(into: &bytes), kind == .keys || kind == .answers {}
        }
      } else {
        let gate = TestGate(engine)
        for _ in 0..<chunks { _ = try? gate.process(Array(repeating: .evaluate(Counting.order()), count: 16)) }
      }
    }
    #expect(try TestGate(engine).counted() == Int64(min(threads * chunks * 16, 100)))
  }
}

import Engine
import Foundation
import GatehouseClient
import Journal
import Synchronization
import Testing
import Wire

@testable import Server

@Suite("A restart from a snapshot")
struct SnapshotTests {
  /// What a server told its operator.
  private final class Reports: Sendable {
    private let all = Mutex<[String]>([])
    var texts: [String] { all.withLock { $0 } }
    func add(_ text: String) { all.withLock { $0.append(text) } }
  }

  /// How many entries a start replays, and what it reports.
  private static func start(
    _ house: House, data: String, _ body: (Served) async throws -> Void = { _ in }
  ) async throws -> (replayed: UInt64, reports: [String]) {
    let reports = Reports()
    var configuration = house.configuration(data: data)
    configuration.report = { reports.add($0) }
    let server = try GatehouseServer(configuration)
    let endpoints = try server.listen()
    var replayed: UInt64 = 0
    try server.open { replayed = $0.total }
    let client = House.client(of: endpoints)
    try await body(Served(server: server, client: client, endpoints: endpoints))
    await client.close()
    await server.drain(within: .seconds(20))
    return (replayed, reports.texts)
  }

  @Test("after a drain nothing is replayed, and every window, answer and version is there; nobody else may read it")
  func drain() async throws {
    let house = try House()
    let now = unixMilliseconds()
    let (recorded, before) = try await house.serve(data: house.dataPath) { served in
      let recorded = try await ReplayTests.record(served.client, seed: 1, now: now, count: 300)
      return (recorded, try await ReplayTests.testimony(served.client, recorded, now: now))
    }
    let files = try house.snapshots()
    #expect(files.count == 1)
    let attributes = try FileManager.default.attributesOfItem(atPath: files[0])
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let start = try await Self.start(house, data: house.dataPath) { served in
      #expect(try await ReplayTests.testimony(served.client, recorded, now: now) == before)
      let first = try await served.client.decide(Activity(entity: "ticket", action: "open"))
      #expect(first.logIndex == 300 + House.ownEntries)
      #expect(served.server.rulebook.versions.all.map(\.logIndex) == [0])
    }
    #expect(start.replayed == 0 && start.reports.isEmpty)
  }

  @Test(
    "killed behind snapshots taken under load: windows are those before, with the rules changed in between",
    arguments: 1...3)
  func kill(seed: UInt64) async throws {
    let house = try House()
    let now = unixMilliseconds()
    let shipped = try String(contentsOfFile: house.rulesPath, encoding: .utf8)
    let more =
      "\ncounter all_orders = count of order.create by entity\nrule busy\n on order.create\n"
      + " when all_orders over 1h > 40\n then friction"
    let (recorded, before, left) = try await house.serve(data: house.dataPath) { served in
      let taker = try #require(served.server.snapshots)
      var recorded = try await ReplayTests.record(served.client, seed: seed, now: now, count: 100)
      try house.write(rules: shipped + more)
      _ = try served.server.reloadRules()
      recorded += try await Self.underSnapshots(taker) {
        try await ReplayTests.record(served.client, seed: seed + 50, now: now, count: 300, prefix: "then-")
      }
      let left = try house.dataAfterKill()
      return (recorded, try await ReplayTests.testimony(served.client, recorded, now: now), left)
    }
    let start = try await Self.start(house, data: left) { served in
      let after = try await ReplayTests.testimony(served.client, recorded, now: now)
      #expect(after == before, "seed \(seed)")
    }
    #expect(start.replayed < 400 && start.reports.isEmpty)
  }

  /// Takes one snapshot after the other while `body` runs.
  private static func underSnapshots<Result: Sendable>(
    _ taker: SnapshotTaker, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    let isOver = Atomic(false)
    async let count = {
      var count = 0
      while !isOver.load(ordering: .relaxed) || count == 0 {
        try taker.take(inHurry: false)
        count += 1
        await Task.yield()
      }
      return count
    }()
    let result = try await body()
    isOver.store(true, ordering: .relaxed)
    #expect(try await count > 0)
    return result
  }

  @Test("a bad snapshot is reported and the one before used; without any the log is replayed")
  func bad() async throws {
    let house = try House()
    let now = unixMilliseconds()
    let (recorded, before) = try await house.serve(data: house.dataPath) { served in
      let taker = try #require(served.server.snapshots)
      var recorded = try await ReplayTests.record(served.client, seed: 7, now: now, count: 60)
      try taker.take(inHurry: true)
      recorded += try await ReplayTests.record(served.client, seed: 8, now: now, count: 60, prefix: "b-")
      return (recorded, try await ReplayTests.testimony(served.client, recorded, now: now))
    }
    let files = try house.snapshots()
    #expect(files.map { $0.suffix(13) } == ["061.snapshot", "121.snapshot"].map { "0" + $0 })
    func expect(replayed: UInt64, passedOver: Int) async throws {
      let copy = house.folder.appendingPathComponent(UUID().uuidString).path
      try FileManager.default.copyItem(atPath: house.dataPath, toPath: copy)
      let start = try await Self.start(house, data: copy) { served in
        let after = try await ReplayTests.testimony(served.client, recorded, now: now)
        #expect(after == before)
      }
      #expect(start.replayed == replayed)
      #expect(start.reports.count == passedOver && start.reports.allSatisfy { $0.contains("is not used") })
    }
    try await expect(replayed: 0, passedOver: 0)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: files[1]))
    try bytes.dropLast(100).write(to: URL(fileURLWithPath: files[1]))
    try await expect(replayed: 60, passedOver: 1)
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: files[0]))
    try await expect(replayed: 121, passedOver: 2)
    try house.removeSnapshots()
    try await expect(replayed: 121, passedOver: 0)
  }

  @Test("a snapshot that holds more than the log, or is of another version, is passed over")
  func foreign() throws {
    var head = SnapshotHead(derivation: EnginePiece.derivation, key0: 1, key1: 2)
    #expect(head.bytes.withUnsafeBytes { SnapshotHead($0) } == head)
    #expect(head.bytes.dropLast().withUnsafeBytes { SnapshotHead($0) } == nil)
    let house = try House(rules: Counting.rules(limit: 3))
    let server = try GatehouseServer(house.configuration(data: house.dataPath))
    func loads(_ head: SnapshotHead, end: UInt64) throws -> Bool {
      let storage = try PosixStorage(root: house.folder.path)
      let store = SnapshotStore(storage: storage, journal: JournalID(low: 1, high: 2))
      let version = RuleSetVersion(version: "x", text: "rule a\n on x.y\n when true\n then friction")
      var bytes: [UInt8] = []
      SnapshotRecord.append(.head, to: &bytes) { $0 += head.bytes }
      try SnapshotRecord.append(.event, to: &bytes) { $0 += try ProtobufEncoder().encode(LogEntry(rules: version)) }
      SnapshotRecord.append(.end, to: &bytes) { $0 += end.littleEndianBytes }
      try store.write(index: 5, timeMilliseconds: 1) { try $0.append(bytes) }
      let found = try store.newest(atMost: 9) { snapshot in
        var loading = SnapshotLoading(rulebook: server.rulebook, logEnd: 9) { rules, hasher in
          try Engine(rules: rules, hasher: hasher, configuration: EngineConfiguration(), book: nil)
        }
        return try loading.load(snapshot, isStopping: { false })
      }
      return found.result?.index == 5
    }
    #expect(try loads(head, end: 9))
    #expect(try !loads(head, end: 10))
    head.derivation += 1
    #expect(try !loads(head, end: 9))
  }

  @Test("records come together again however they are cut, and what is none is refused")
  func records() {
    var bytes: [UInt8] = []
    for number in 0..<20 {
      SnapshotRecord.append(.event, to: &bytes) { $0 += [UInt8](repeating: UInt8(number), count: number * 7) }
    }
    for step in [1, 3, 8, 100, bytes.count] {
      var records = SnapshotRecords()
      var found: [[UInt8]] = []
      for start in stride(from: 0, to: bytes.count, by: step) {
        let piece = Array(bytes[start..<min(start + step, bytes.count)])
        let isSound = piece.withUnsafeBytes { piece in records.add(piece) { _, body in found.append(Array(body)) } }
        #expect(isSound)
      }
      #expect(records.isAtEnd)
      #expect(found == (0..<20).map { [UInt8](repeating: UInt8($0), count: $0 * 7) })
    }
    var records = SnapshotRecords()
    let unknown: [UInt8] = [99, 0, 0, 0, 0, 0, 0, 0]
    let isSound = unknown.withUnsafeBytes { unknown in records.add(unknown) { _, _ in } }
    #expect(!isSound)
  }

  @Test("a drain while the log is replayed gives it up and gives the directory back")
  func drainDuringReplay() async throws {
    let house = try House()
    try await house.serve(data: house.dataPath) { served in
      _ = try await ReplayTests.record(served.client, seed: 5, now: unixMilliseconds(), count: 50)
    }
    try house.removeSnapshots()
    let server = try GatehouseServer(house.configuration(data: house.dataPath))
    let error = #expect(throws: GatehouseServerError.self) { try server.open { _ in server.giveUpOpening() } }
    guard case .stopped? = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(server.log == nil)
    try await house.serve(data: house.dataPath) { _ = try await $0.client.decide(Counting.order()) }
  }
}

import Foundation
import GatehouseClient
import Journal
import Transport
import Wire

@testable import Server

/// An open server, where it listens, and a client of it.
struct Served: Sendable {
  let server: GatehouseServer
  let client: GatehouseClient
  let endpoints: [Endpoint]
}

/// A folder with a rules file and a data directory, for as many servers as a test needs. Goes with its last reference.
final class House: Sendable {
  let folder: URL

  /// What a server writes into a new log before any activity: the rules.
  static let ownEntries: UInt64 = 1

  /// - Parameter rules: the rules file's text; the shipped one when absent.
  init(rules: String? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-server-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write(rules: try rules ?? Self.shippedRules())
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var rulesPath: String { folder.appendingPathComponent("test.rules").path }
  var dataPath: String { folder.appendingPathComponent("data").path }

  func write(rules: String) throws {
    try rules.write(toFile: rulesPath, atomically: true, encoding: .utf8)
  }

  /// All entries of a log that no server holds.
  func entries(data: String) throws -> [LogEntry] {
    let journal = try Journal.open(
      storage: PosixStorage(root: data), configuration: JournalConfiguration(origin: "gatehouse.local/log"),
      now: unixMilliseconds)
    defer { journal.close() }
    var entries: [Result<LogEntry, any Error>] = []
    try journal.cursor(from: journal.firstIndex).read(below: journal.writer.writtenIndex) { entry in
      entries.append(Result { try ProtobufDecoder().decode(LogEntry.self, from: Array(entry.bytes)) })
    }
    return try entries.map { try $0.get() }
  }

  /// The snapshots in a data directory, oldest first.
  func snapshots(data: String? = nil) throws -> [String] {
    let folder = (data ?? dataPath) + "/snapshots"
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }
  }

  /// Has the next start replay the whole log.
  func removeSnapshots() throws {
    for file in try snapshots() { try FileManager.default.removeItem(atPath: file) }
  }

  /// What a server killed at this instant leaves behind: all that it handed to the operating system, under another name.
  ///
  /// A copy takes time, and the log publishes what it holds meanwhile: it is an instant if nothing changed from its beginning to its end. Until
  /// then files may come and go under any step, which fails then, and all begins anew.
  func dataAfterKill() throws -> String {
    let copy = folder.appendingPathComponent("killed-\(UUID().uuidString)").path
    for _ in 0..<1_000 {
      let before = try? inventory()
      let isWhole = (try? FileManager.default.copyItem(atPath: dataPath, toPath: copy)) != nil
      if isWhole, before != nil, (try? inventory()) == before { return copy }
      try? FileManager.default.removeItem(atPath: copy)
    }
    throw CocoaError(.fileReadUnknown, userInfo: [NSFilePathErrorKey: dataPath])
  }

  /// The files of the data directory, their sizes, and when they were written.
  private func inventory() throws -> [String: [String]] {
    var inventory: [String: [String]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: dataPath) {
      let attributes = try FileManager.default.attributesOfItem(atPath: dataPath + "/" + path)
      inventory[path] = ["\(attributes[.size] ?? 0)", "\(attributes[.modificationDate] ?? 0)"]
    }
    return inventory
  }

  /// - Parameter data: the data directory; nil keeps no log.
  func configuration(data: String? = nil) -> GatehouseConfiguration {
    var configuration = GatehouseConfiguration(
      endpoints: [.tcp(host: "127.0.0.1", port: 0)], rulesPath: rulesPath)
    configuration.dataDirectory = data
    (configuration.engine.rememberedIDs, configuration.engine.rememberedAnswerBytes) = (16_384, 8 << 20)
    return configuration
  }

  /// Listens and opens a server, and drains it behind `body`.
  func serve<Result>(
    data: String? = nil, ioQueues: Int = 2, _ body: (Served) async throws -> Result
  ) async throws -> Result {
    var configuration = configuration(data: data)
    configuration.transport.ioQueues = ioQueues
    let server = try GatehouseServer(configuration)
    let endpoints = try server.listen()
    let client = Self.client(of: endpoints)
    let outcome: Swift.Result<Result, any Error>
    do {
      try server.open()
      outcome = .success(try await body(Served(server: server, client: client, endpoints: endpoints)))
    } catch {
      outcome = .failure(error)
    }
    await client.close()
    await server.drain(within: .seconds(20))
    return try outcome.get()
  }

  /// A client that waits long and asks once, so that a test sees every answer.
  static func client(of endpoints: [Endpoint], connections: Int = 2) -> GatehouseClient {
    var configuration = ClientConfiguration(servers: endpoints)
    configuration.connections = connections
    configuration.timeout = .seconds(60)
    configuration.retry = .never
    return GatehouseClient(configuration)
  }

  private static func shippedRules() throws -> String {
    try String(contentsOf: repository.appendingPathComponent("deploy/rules/trade.rules"), encoding: .utf8)
  }

  /// The root of the repository.
  static var repository: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
  }
}

extension GatehouseClient {
  /// The server's decision.
  func decide(
    _ activity: Activity, _ mode: EvaluateRequest.Mode = .record, durability: Durability = .unspecified
  ) async throws -> Decision {
    try await evaluate(activity, mode: mode, durability: durability).decision
  }
}

/// The wall clock, Unix milliseconds: what the server's own is.
func unixMilliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

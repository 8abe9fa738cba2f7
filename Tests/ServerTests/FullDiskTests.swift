import Foundation
import GatehouseClient
import Glibc
import Synchronization
import Testing
import Wire

@testable import Server

@Suite("A disk that is full, for real", .enabled(if: SmallDisk.isPossible, "needs root and mount(2)"))
struct FullDiskTests {
  @Test("records are refused and not counted, CHECK goes on, and recording resumes when there is space")
  func full() async throws {
    try await SmallDisk.whileMounted(megabytes: 4) { disk in
      #expect(try disk.isMounted())
      try await Self.fillAndFree(disk)
    }
  }

  private static func fillAndFree(_ disk: SmallDisk) async throws {
    let house = try House(rules: Counting.rules(limit: 1_000))
    let reports = Mutex<[String]>([])
    var configuration = house.configuration(data: disk.path + "/data")
    configuration.report = { report in reports.withLock { $0.append(report) } }
    let server = try GatehouseServer(configuration)
    let client = House.client(of: try server.listen())
    try server.open()
    var recorded: Int64 = 0
    for _ in 0..<20 {
      _ = try await client.decide(Counting.order())
      recorded += 1
    }
    try disk.fill()
    let (taken, refusal) = try await Self.recordUntilRefused(client)
    #expect(refusal.code == .resourceExhausted && refusal.message.contains("the disk is full"))
    #expect(try await client.counted() == recorded + taken, "CHECK goes on, and nothing that was refused is counted")
    #expect(server.log?.writer.condition == .noSpace)
    #expect(try await client.checkHealth() == .serving, "it recovers by itself")
    try disk.free()
    let resumed = try await Self.recordUntilTaken(client)
    #expect(resumed.durability == .durable)
    #expect(try await client.counted() == recorded + taken + 1)
    await client.close()
    await server.drain(within: .seconds(20))
    #expect(reports.withLock { $0.count } < 10, "the operator is not flooded")
    #expect(reports.withLock { $0.contains { $0.hasPrefix("the disk is full, ") } }, "but told")
    #expect(reports.withLock { $0.contains { $0 == "the log takes records again" } })
    try await house.serve(data: disk.path + "/data") { served in
      let counted = try await served.client.counted()
      #expect(counted == recorded + taken + 1)
    }
  }

  /// Records until the server says that it cannot. BUFFERED, for what is admitted before the disk is found full is answered
  /// only when there is space again.
  private static func recordUntilRefused(
    _ client: GatehouseClient
  ) async throws -> (taken: Int64, refusal: GatehouseError) {
    var taken: Int64 = 0
    while true {
      do throws(GatehouseError) {
        _ = try await client.evaluate(Counting.order(), durability: .buffered)
        taken += 1
      } catch {
        return (taken, error)
      }
    }
  }

  private static func recordUntilTaken(_ client: GatehouseClient) async throws -> Decision {
    let end = ContinuousClock.now + .seconds(20)
    while true {
      do throws(GatehouseError) {
        return try await client.evaluate(Counting.order(), durability: .durable).decision
      } catch {
        guard error.code == .resourceExhausted, ContinuousClock.now < end else { throw error }
        await Task.yield()
      }
    }
  }
}

/// A file system of a few megabytes, in memory.
private struct SmallDisk {
  let path: String

  static let isPossible: Bool = {
    guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
    return (try? disk.unmount()) != nil
  }()

  /// Nothing is left of it behind `body`, however that ends.
  static func whileMounted(megabytes: Int, _ body: (SmallDisk) async throws -> Void) async throws {
    let disk = try SmallDisk(megabytes: megabytes)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(disk)) } catch { outcome = .failure(error) }
    #expect(throws: Never.self) { try disk.unmount() }
    #expect(try !disk.isMounted() && !FileManager.default.fileExists(atPath: disk.path))
    try outcome.get()
  }

  private init(megabytes: Int) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-disk-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { throw Self.lastError(or: .EPERM) }
  }

  /// Detached, for a server that was drained lets go of its directory only with its last reference.
  private func unmount() throws {
    guard umount2(path, Int32(MNT_DETACH)) == 0 else { throw Self.lastError(or: .EBUSY) }
    try FileManager.default.removeItem(atPath: path)
  }

  func isMounted() throws -> Bool {
    let name = URL(fileURLWithPath: path).lastPathComponent
    return try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).contains("/\(name) ")
  }

  private var filler: String { path + "/filler" }

  /// Leaves not a byte.
  func fill() throws {
    let descriptor = open(filler, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    let page = [UInt8](repeating: 1, count: 4_096)
    while write(descriptor, page, page.count) > 0 {}
    guard errno == ENOSPC else { throw Self.lastError(or: .EIO) }
  }

  func free() throws { try FileManager.default.removeItem(atPath: filler) }

  private static func lastError(or code: POSIXErrorCode) -> POSIXError {
    POSIXError(POSIXErrorCode(rawValue: errno) ?? code)
  }
}

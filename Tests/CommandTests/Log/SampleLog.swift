import Foundation
import GatehouseProtocol
import Wire

@testable import Journal

/// A log's directory without a server, with activities and one event of the server's own.
final class SampleLog {
  let folder: URL
  let journal: Journal

  var path: String { folder.appendingPathComponent("data").path }
  var key: String { journal.verifier.description }

  /// - Parameter count: how many activities.
  init(_ count: Int = 300) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var configuration = JournalConfiguration(origin: "example.com/log")
    configuration.limits.segmentBytes = 8 << 10
    journal = try Journal.open(
      storage: PosixStorage(root: folder.appendingPathComponent("data").path), configuration: configuration,
      now: { 1_767_323_045_678 })
    try append(count)
  }

  deinit {
    journal.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Appends activities and has a checkpoint cover them.
  func append(_ count: Int) throws {
    for number in 0..<count {
      let activity = Activity(id: "a-\(number)", customerID: "c-\(number)", entity: "order", action: "create")
      try append(LogEntry(createdAt: 1_767_323_045_678, activity: activity))
      if number % 10 == 9 { journal.writer.drain() }
    }
    journal.writer.drain()
    journal.step()
  }

  func append(_ entry: LogEntry) throws {
    _ = try ProtobufEncoder().encode(entry).withUnsafeBytes { journal.writer.append($0) }
  }

  /// A file in the folder.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Alters one byte of a file of the log.
  func flip(_ file: String, at offset: Int) throws {
    let url = URL(fileURLWithPath: path).appendingPathComponent(file)
    var bytes = try Data(contentsOf: url)
    bytes[bytes.startIndex + offset] ^= 1
    try bytes.write(to: url)
  }
}

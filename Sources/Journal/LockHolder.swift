import Glibc

/// Who writes a directory, as the lock file tells.
public struct LockHolder: Equatable, Sendable, CustomStringConvertible {
  static let path = "lock"

  public let process: Int32
  public let host: String
  public let startedMilliseconds: Int64

  public init(process: Int32, host: String, startedMilliseconds: Int64) {
    self.process = process
    self.host = host
    self.startedMilliseconds = startedMilliseconds
  }

  /// This process.
  public static func current(nowMilliseconds: Int64) -> LockHolder {
    var name = [CChar](repeating: 0, count: 256)
    let host =
      gethostname(&name, name.count - 1) == 0
      ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "unknown"
    return LockHolder(process: getpid(), host: host, startedMilliseconds: nowMilliseconds)
  }

  public var description: String { "process \(process) on \(host), started at \(started)" }

  /// As RFC 3339, in UTC.
  private var started: String {
    var seconds = time_t(startedMilliseconds / 1000)
    var parts = tm()
    var text = [CChar](repeating: 0, count: 64)
    guard gmtime_r(&seconds, &parts) != nil, strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0 else {
      return "\(startedMilliseconds) ms since 1970"
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private var encoded: [UInt8] {
    Array("pid \(process)\nhost \(host)\nstarted \(startedMilliseconds)\n".utf8)
  }

  init?(_ bytes: [UInt8]) {
    var fields: [Substring: Substring] = [:]
    let text = String(decoding: bytes, as: UTF8.self)
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1] }
    }
    guard let process = fields["pid"].flatMap({ Int32($0) }), let host = fields["host"],
      let started = fields["started"].flatMap({ Int64($0) })
    else { return nil }
    self.init(process: process, host: String(host), startedMilliseconds: started)
  }

  /// Takes the directory's lock and writes its own name into it.
  /// - Throws: `.locked`, naming the holder, if another has it.
  func lock(_ storage: any Storage) throws(JournalError) -> any StorageFile {
    do throws(StorageError) {
      let file = try storage.lock(Self.path)
      try file.truncate(to: 0)
      try file.write(encoded, at: 0)
      return file
    } catch {
      guard error.code == .locked else { throw JournalError(error) }
      let content = try storing { () throws(StorageError) in try storage.contents(of: Self.path) }
      let holder = content.flatMap { LockHolder($0) }?.description ?? "another process"
      throw JournalError(
        .locked, "the journal is being written by \(holder): stop that one, or give this one a directory of its own",
        cause: error)
    }
  }
}

/// Snapshots of whatever state the owner rebuilds from the log; Protocol/journal.md, "Snapshot".
public struct SnapshotStore: Sendable {
  static let directory = "snapshots"
  static let suffix = ".snapshot"
  static let unfinished = ".new"
  /// Nobody else may read it: with what was hashed it keeps the hasher's secret.
  static let permissions: UInt16 = 0o600
  /// How many are kept: the newest, and one should it be bad.
  static let keptSnapshots = 2

  private let storage: any Storage
  private let journal: JournalID

  public init(storage: any Storage, journal: JournalID) {
    self.storage = storage
    self.journal = journal
  }

  /// Writes a snapshot, atomically and durably, and removes those beyond the two newest.
  /// - Parameters:
  ///   - index: the state is that after all entries below it; they must be durable.
  ///   - produce: hands over the content piece by piece.
  /// - Throws: what the storage or `produce` throws, with no trace left in what `newest` finds.
  public func write(
    index: UInt64, timeMilliseconds: Int64, _ produce: (inout SnapshotWriter) throws -> Void
  ) throws {
    try storage.makeDirectory(Self.directory)
    let path = Self.path(index)
    // What was left when a process died, or this one's last attempt failed, takes space.
    for name in try storage.list(Self.directory) where name.hasSuffix(Self.unfinished) {
      try storage.remove("\(Self.directory)/\(name)")
    }
    do {
      let file = try storage.open(path + Self.unfinished, .create(permissions: Self.permissions))
      let header = FileHeader(
        magic: SnapshotReader.magic, index: index, timeMilliseconds: timeMilliseconds, journal: journal)
      var writer = try SnapshotWriter(file: file, header: header)
      try produce(&writer)
      try writer.finish()
    } catch {
      // The first error counts; what cannot be removed now is removed by the next attempt.
      try? storage.remove(path + Self.unfinished)
      throw error
    }
    try storage.rename(path + Self.unfinished, to: path)
    try storage.syncDirectory(Self.directory)
    for index in try indexes().dropLast(Self.keptSnapshots) { try storage.remove(Self.path(index)) }
  }

  /// The newest snapshot all of which checks and whose index is not above `limit`, and why newer ones were passed over.
  public func newest(atMost limit: UInt64) throws(StorageError) -> (
    snapshot: SnapshotReader?, ignored: [IgnoredSnapshot]
  ) {
    let found = try newest(atMost: limit) { reader in
      try reader.check()
      return reader
    }
    return (found.result, found.ignored)
  }

  /// Offers the snapshots whose index is not above `limit` to `use`, newest first, until it takes one: what it made of
  /// that one, and why newer ones were passed over.
  /// - Parameter use: reads all of the snapshot; every error passes it over. What it is handed before a damaged place is
  ///   found counts for nothing.
  public func newest<Result>(
    atMost limit: UInt64, _ use: (SnapshotReader) throws -> Result
  ) throws(StorageError) -> (result: Result?, ignored: [IgnoredSnapshot]) {
    var ignored: [IgnoredSnapshot] = []
    for index in try indexes().reversed() {
      let path = Self.path(index)
      do {
        return (try use(try reader(index, atMost: limit)), ignored)
      } catch let fault as BatchFault {
        ignored.append(IgnoredSnapshot(path: path, reason: fault.reason))
      } catch {
        ignored.append(IgnoredSnapshot(path: path, reason: "\(error)"))
      }
    }
    return (nil, ignored)
  }

  /// The index of the newest snapshot, by its name alone; 0 if there is none.
  public static func newestIndex(in storage: any Storage) throws(StorageError) -> UInt64 {
    try indexes(in: storage).last ?? 0
  }

  /// The index of the oldest snapshot there is, by its name alone; 0 if there is none.
  public func oldestIndex() throws(StorageError) -> UInt64 { try indexes().first ?? 0 }

  private func reader(_ index: UInt64, atMost limit: UInt64) throws(BatchFault) -> SnapshotReader {
    let reader = try SnapshotReader(file: try open(Self.path(index)))
    guard reader.index == index else { throw .index(expected: index, found: reader.index) }
    guard index <= limit else { throw .header("its index is above the log's end \(limit)") }
    guard reader.journal == journal else { throw .header("belongs to another journal") }
    return reader
  }

  private func open(_ path: String) throws(BatchFault) -> any StorageFile {
    do { return try storage.open(path, .read) } catch { throw .storage(error) }
  }

  private static func path(_ index: UInt64) -> String { "\(directory)/\(paddedDecimal(index))\(suffix)" }

  private func indexes() throws(StorageError) -> [UInt64] { try Self.indexes(in: storage) }

  private static func indexes(in storage: any Storage) throws(StorageError) -> [UInt64] {
    try storage.list(directory).compactMap { name in
      name.hasSuffix(suffix) ? UInt64(name.dropLast(suffix.count)) : nil
    }.sorted()
  }
}

/// A snapshot that cannot be used, which costs time only.
public struct IgnoredSnapshot: Equatable, Sendable {
  public let path: String
  public let reason: String
}

/// Snapshots of whatever state the owner rebuilds from the log; Protocol/journal.md, "Snapshot".
public struct SnapshotStore: Sendable {
  static let directory = "snapshots"
  static let suffix = ".snapshot"
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
  /// - Throws: what the storage throws, with no trace left in what `newest` finds.
  public func write(
    index: UInt64, timeMilliseconds: Int64, _ produce: (inout SnapshotWriter) throws(StorageError) -> Void
  ) throws(StorageError) {
    try storage.makeDirectory(Self.directory)
    let path = Self.path(index)
    let file = try storage.open(path + ".new", .replace)
    let header = FileHeader(
      magic: SnapshotReader.magic, index: index, timeMilliseconds: timeMilliseconds, journal: journal)
    var writer = try SnapshotWriter(file: file, header: header)
    try produce(&writer)
    try writer.finish()
    try storage.rename(path + ".new", to: path)
    try storage.syncDirectory(Self.directory)
    for index in try indexes().dropLast(Self.keptSnapshots) { try storage.remove(Self.path(index)) }
  }

  /// The newest snapshot all of which checks and whose index is not above `limit`, and why newer ones were passed over.
  public func newest(atMost limit: UInt64) throws(StorageError) -> (
    snapshot: SnapshotReader?, ignored: [IgnoredSnapshot]
  ) {
    var ignored: [IgnoredSnapshot] = []
    for index in try indexes().reversed() {
      let path = Self.path(index)
      do throws(BatchFault) {
        let reader = try SnapshotReader(file: try open(path))
        guard reader.index == index else { throw .index(expected: index, found: reader.index) }
        guard index <= limit else { throw .header("its index is above the log's end \(limit)") }
        guard reader.journal == journal else { throw .header("belongs to another journal") }
        try reader.check()
        return (reader, ignored)
      } catch {
        ignored.append(IgnoredSnapshot(path: path, reason: error.reason))
      }
    }
    return (nil, ignored)
  }

  private func open(_ path: String) throws(BatchFault) -> any StorageFile {
    do { return try storage.open(path, .read) } catch { throw .storage(error) }
  }

  private static func path(_ index: UInt64) -> String { "\(directory)/\(paddedDecimal(index))\(suffix)" }

  private func indexes() throws(StorageError) -> [UInt64] {
    try storage.list(Self.directory).compactMap { name in
      name.hasSuffix(Self.suffix) ? UInt64(name.dropLast(Self.suffix.count)) : nil
    }.sorted()
  }
}

/// A snapshot that cannot be used, which costs time only.
public struct IgnoredSnapshot: Equatable, Sendable {
  public let path: String
  public let reason: String
}

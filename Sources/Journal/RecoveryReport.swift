/// What was found at start.
public struct RecoveryReport: Equatable, Sendable {
  /// The entries there are.
  public var firstIndex: UInt64 = 0
  public var endIndex: UInt64 = 0
  public var segments = 0
  /// Segments whose every byte was checked; the others lie wholly below where the caller wanted to begin.
  public var segmentsChecked = 0
  public var bytesChecked: UInt64 = 0
  /// How many bytes of an interrupted write were cut from the end, and of which file.
  public var tornBytes: UInt64 = 0
  public var tornFile: String?
  /// Bytes of the last segment written again because nothing proved that they had reached the disk.
  public var rewrittenBytes: UInt64 = 0
  /// Tiles that a crash had torn and that were made anew, to the root that was signed.
  public var mendedTiles: [String] = []
  /// The log has entries, but nothing of it was signed: a crash cut its first start short, or the checkpoint was removed, and then only one
  /// that was kept elsewhere tells whether entries are missing at the end.
  public var hasNoCheckpoint = false

  public init() {}
}

/// How far a long walk over the log has come.
public struct WalkProgress: Equatable, Sendable {
  public let bytesDone: UInt64
  public let bytesTotal: UInt64
  public let nextIndex: UInt64
}

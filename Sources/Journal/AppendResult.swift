/// What `append` answers, at once.
@frozen
public enum AppendResult: Equatable, Sendable {
  /// Taken: the entry will have this index. It is acknowledged only when a watermark passes it.
  case index(UInt64)
  /// The buffers are full; nothing was taken. Refuse the call, or try again after the next progress.
  case full
  /// The disk is full; nothing was taken. Refuse the call; the journal recovers by itself when space returns.
  case noSpace
  /// The journal has failed or is closed; nothing was or will be taken. Reopen the directory.
  case failed
  /// The entry is longer than `JournalLimits.maximumEntryBytes`.
  case tooLarge
}

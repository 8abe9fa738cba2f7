/// How far the journal has come. Entries below `writtenIndex` survive the process, those below `durableIndex` the machine.
public struct JournalProgress: Equatable, Sendable {
  public let writtenIndex: UInt64
  public let durableIndex: UInt64
  public let condition: JournalCondition

  public init(writtenIndex: UInt64, durableIndex: UInt64, condition: JournalCondition) {
    self.writtenIndex = writtenIndex
    self.durableIndex = durableIndex
    self.condition = condition
  }
}

/// Whether the journal takes entries.
///
/// ```
/// open ⇄ noSpace          a write found the disk full, or no descriptor for its file / succeeded again
/// open, noSpace → failed  any other error, and every error of a sync
/// any → closed            `close`
/// ```
/// In `noSpace` entries that already have an index are kept and written when space returns; whoever waits for them may be told that
/// the outcome is open. In `failed` they may or may not be found at the next start.
public enum JournalCondition: Equatable, Sendable {
  case open
  case noSpace
  case failed(JournalError)
  case closed
}

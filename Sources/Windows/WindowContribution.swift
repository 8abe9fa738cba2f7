/// What observing an event does to its key's window, and whether the reading includes it.
@frozen
public enum WindowContribution: BitwiseCopyable, Sendable {
  /// The event is counted: the reading includes it and later readings will.
  case record
  /// The reading is what `record` would have answered; nothing changes.
  case asIf
  /// The reading leaves the event out; nothing changes.
  case none
}

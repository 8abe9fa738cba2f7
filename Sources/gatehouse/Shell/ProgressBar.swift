import Synchronization

/// How far a long command has come, on one line of standard error that is written over: only where that is a terminal.
///
///     [#########-----------]  46 %  1.07 GB of 2.31 GB, 5.81 s left
final class ProgressBar: Sendable {
  private static let width = 20
  private static let intervalMilliseconds: Int64 = 100

  private let console: Console
  private let start = ContinuousClock.now
  private let shown = Mutex<ContinuousClock.Instant?>(nil)

  /// Nil where there is no terminal to show it on.
  init?(_ console: Console) {
    guard console.messages.isDecorated else { return nil }
    self.console = console
  }

  /// Shows how many bytes are done, ten times a second at most.
  func show(done: UInt64, of total: UInt64) {
    let now = ContinuousClock.now
    let isDue = shown.withLock { last in
      if let last, (now - last).milliseconds < Self.intervalMilliseconds { return false }
      last = now
      return true
    }
    if isDue { console.overwrite(Self.line(done: done, of: total, elapsed: now - start)) }
  }

  /// Leaves an empty line to whoever writes next.
  func clear() {
    if shown.withLock({ $0 != nil }) { console.overwrite("") }
  }

  static func line(done: UInt64, of total: UInt64, elapsed: Duration) -> String {
    let part = total == 0 ? 1 : min(1, Double(done) / Double(total))
    let filled = Int(part * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    let percent = Int(part * 100)
    let left = part > 0 ? Double(elapsed.microseconds) / 1e6 * (1 - part) / part : 0
    let space = String(repeating: " ", count: 3 - "\(percent)".count)
    return "[\(bar)] \(space)\(percent) %  \(Quantity.bytes(done)) of \(Quantity.bytes(total)), "
      + "\(Quantity.seconds(left)) left"
  }
}

import Synchronization

/// How many connections a server holds, refused ones that still hear why included.
final class ConnectionQuota: Sendable {
  /// What becomes of a new connection.
  enum Verdict {
    case take
    /// One too many: it is told so.
    case refuse
    /// Far too many: it is closed without a word.
    case drop
  }

  private let limit: Int
  private let count = Atomic<Int>(0)

  /// Refused connections that may be held at once, so that they can read why.
  static let maxRefused = 64

  init(limit: Int) { self.limit = limit }

  /// Counts a new connection unless it is to be dropped.
  func acquire() -> Verdict {
    let now = count.add(1, ordering: .relaxed).newValue
    if now <= limit { return .take }
    if now <= limit + Self.maxRefused { return .refuse }
    release()
    return .drop
  }

  func release() { count.subtract(1, ordering: .relaxed) }
}

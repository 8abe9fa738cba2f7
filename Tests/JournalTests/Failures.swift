import Synchronization

@testable import Journal

/// What a journal says has failed.
final class Failures: Sendable {
  private let errors = Mutex<[JournalError]>([])

  func add(_ error: JournalError) { errors.withLock { $0.append(error) } }

  var all: [JournalError] { errors.withLock { $0 } }
}

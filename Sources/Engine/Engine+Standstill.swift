import Synchronization

extension Engine {
  /// Runs `body` while no evaluator is within a chunk: whatever was counted so far stands in the book, and nothing that
  /// does not is counted. Calls wait meanwhile.
  func atStandstill(_ body: () throws -> Void) rethrows {
    try fences.withLock { fences in try withLocked(fences[...], body) }
  }

  private func withLocked(_ fences: ArraySlice<Fence>, _ body: () throws -> Void) rethrows {
    guard let first = fences.first else { return try body() }
    try first.isWithinChunk.withLock { _ in try withLocked(fences.dropFirst(), body) }
  }
}

/// Held by an evaluator for the length of a chunk, and by whoever must be sure that none is under way.
final class Fence: Sendable {
  let isWithinChunk = Mutex(())
}

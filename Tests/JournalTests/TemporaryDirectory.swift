import Foundation

/// A directory that goes when its last reference does.
final class TemporaryDirectory: Sendable {
  let path: String

  init() { path = NSTemporaryDirectory() + "gatehouse-journal-\(UUID().uuidString)" }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

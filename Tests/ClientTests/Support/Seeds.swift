import Foundation

/// The seeds of property tests: some that never change and a fresh one. A failure names its seed; `GATEHOUSE_SEED=n`
/// runs only that.
enum Seeds {
  static let some: [UInt64] = {
    if let text = ProcessInfo.processInfo.environment["GATEHOUSE_SEED"], let seed = UInt64(text) { return [seed] }
    return [1, 2, 3, 4, 5, 6, 7, .random(in: 1_000...999_999_999)]
  }()
}

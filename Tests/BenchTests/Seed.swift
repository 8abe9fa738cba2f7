import Foundation

/// Seeds of property tests: always the same few, and the one in BENCH_SEED when that is set. Failures name theirs.
enum Seed {
  static let all: [UInt64] = {
    let given = ProcessInfo.processInfo.environment["BENCH_SEED"].flatMap { UInt64($0) }
    return given.map { [$0] } ?? [1, 2, 3]
  }()
}

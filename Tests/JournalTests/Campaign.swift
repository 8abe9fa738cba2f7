import Glibc

/// Whether the whole of a campaign runs, or the share of it that fits a quick test run. The whole:
/// `GATEHOUSE_CAMPAIGN=1 swift test -c release -Xswiftc -enable-testing --filter JournalTests`
enum Campaign {
  static let isWhole = getenv("GATEHOUSE_CAMPAIGN") != nil

  /// All of `cases`, or every `share`-th.
  static func cases<C: Collection>(_ cases: C, share: Int) -> [C.Element] {
    isWhole ? Array(cases) : cases.enumerated().filter { $0.offset % share == 0 }.map(\.element)
  }
}

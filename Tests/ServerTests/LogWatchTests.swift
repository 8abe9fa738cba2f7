import Glibc
import Journal
import Synchronization
import Testing

@testable import Server

@Suite("What an operator is told of the log")
struct LogWatchTests {
  private final class Told: Sendable {
    let lines = Mutex<[String]>([])
    let failures = Atomic(0)
    func watch() -> LogWatch {
      LogWatch(
        report: { line in self.lines.withLock { $0.append(line) } },
        failed: { self.failures.add(1, ordering: .relaxed) })
    }
    var all: [String] { lines.withLock { $0 } }
  }

  private static func error(_ function: String, _ path: String, _ number: Int32) -> JournalError {
    let cause = StorageError(function: function, path: path, number: number)
    return JournalError(.storage, cause.description, cause: cause)
  }

  private static let failure = error("fdatasync", "segments/0", EIO)

  @Test("that it has failed, once, with why and what to do; nothing while all is well")
  func failed() {
    let told = Told()
    let watch = told.watch()
    for _ in 0..<3 { watch.progressed(to: .open) }
    #expect(told.all == [])
    for _ in 0..<3 { watch.progressed(to: .failed(Self.failure)) }
    watch.progressed(to: .closed)
    #expect(told.all.count == 1)
    #expect(told.failures.load(ordering: .relaxed) == 1)
    #expect(told.all[0].hasPrefix("the log has failed: fdatasync segments/0: Input/output error; nothing is recorded"))
  }

  @Test("that the disk is full, and that it is no longer")
  func full() {
    let told = Told()
    let watch = told.watch()
    for _ in 0..<2 {
      for _ in 0..<3 { watch.progressed(to: .noSpace) }
      for _ in 0..<3 { watch.progressed(to: .open) }
    }
    #expect(told.all.map { $0.prefix(13) } == ["the disk is f", "the log takes", "the disk is f", "the log takes"])
    #expect(told.failures.load(ordering: .relaxed) == 0, "it recovers by itself")
  }

  @Test("that no checkpoint is published, once until one is, and whether to wait or to restart")
  func publishing() {
    let told = Told()
    let watch = told.watch()
    for _ in 0..<3 { watch.publishingFailed(Self.error("write", "", ENOSPC)) }
    watch.published()
    for _ in 0..<3 { watch.publishingFailed(Self.failure) }
    #expect(told.all.count == 2)
    #expect(told.all[0] == "no checkpoint could be published: write .: No space left on device; it is tried again")
    #expect(told.all[1].contains("none will be until the server is started again"))
    #expect(told.failures.load(ordering: .relaxed) == 0, "records go on")
  }
}

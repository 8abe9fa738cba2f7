import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Journal

/// What things cost on this machine; prints and demands little, because other work may be running. Part of the whole campaign only.
@Suite(.enabled(if: Campaign.isWhole), .serialized)
struct FigureTests {
  static let entryBytes = 250
  let directory = TemporaryDirectory()

  /// Nanoseconds that `body` takes.
  private func time(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start)
  }

  private func open(_ progressed: @escaping @Sendable (JournalProgress) -> Void = { _ in }) throws -> Journal {
    try Journal.open(
      storage: PosixStorage(root: directory.path), configuration: JournalConfiguration(origin: Book.origin),
      now: { Int64(Date().timeIntervalSince1970 * 1000) }, events: JournalEvents(progressed: progressed))
  }

  @Test("append copies an entry of three pieces in tens of nanoseconds")
  func append() throws {
    let book = try Book(SimulatedStorage(), limits: JournalLimits())
    let bytes = [UInt8](repeating: 7, count: Self.entryBytes)
    var spent = 0.0
    let (rounds, count) = (40, 50_000)
    bytes.withUnsafeBytes { bytes in
      let (a, b, c) = (bytes.slice(0, 16), bytes.slice(16, 200), bytes.slice(216, 34))
      for _ in 0..<rounds {
        spent += time { for _ in 0..<count { if book.writer.append(a, b, c) == .full { Issue.record("full") } } }
        book.write()
        book.storage.withDisk { disk in for inode in disk.inodes.keys { disk.inodes[inode]?.dirty = [] } }
      }
    }
    print("append: \(spent / Double(rounds * count)) ns an entry of \(Self.entryBytes) bytes in 3 pieces")
  }

  @Test("the checksum runs at gigabytes a second")
  func checksum() {
    let bytes = [UInt8](repeating: 7, count: 64 << 20)
    let spent = bytes.withUnsafeBytes { bytes in time { #expect(CRC32C.checksum(bytes) != 0) } }
    print("CRC-32C: \(Double(bytes.count) / spent) GB/s")
  }

  @Test("a million entries are written, replayed, hashed and verified")
  func throughput() throws {
    let count = 4_000_000
    let journal = try open()
    let bytes = [UInt8](repeating: 7, count: Self.entryBytes)
    var refused = 0
    let written = time {
      for number in 0..<count {
        while bytes.withUnsafeBytes({ journal.writer.append($0) }) == .full {
          refused += 1
          journal.writer.commit()
        }
        if number % 512 == 0 { journal.writer.commit() }
      }
      journal.writer.commit()
      while journal.writer.writtenIndex < count {}
    }
    print("written: \(Double(count) / written * 1e3) M entries/s; refused \(refused) times")
    print("sync of the rest: \(time { #expect(journal.writer.makeDurable()) } / 1e6) ms")
    let tree = time { journal.step() }
    print("tree: \(tree / Double(count)) ns an entry, with tiles and checkpoint durable")
    journal.close()

    let again = try open()
    defer { again.close() }
    var sum = 0
    let replay = try time { try again.cursor(from: 0).read(below: UInt64(count)) { sum += $0.bytes.count } }
    #expect(sum == count * Self.entryBytes)
    print("replay: \(Double(count) / replay * 1e3) M entries/s")
    let verifier = LogVerifier(storage: again.storage, origin: Book.origin, keys: [again.verifier])
    var end: UInt64 = 0
    let verify = try time { end = try verifier.verify().endIndex }
    #expect(end == UInt64(count))
    print("verify: \(Double(count * (Self.entryBytes + 4)) / verify) GB/s, \(verify / Double(count)) ns an entry")
  }

  @Test("a durable entry costs little more than its write and fdatasync")
  func durable() throws {
    let waiter = DispatchSemaphore(value: 0)
    let reached = Atomic<UInt64>(0)
    let journal = try open { progress in
      if progress.durableIndex > reached.load(ordering: .relaxed) {
        reached.store(progress.durableIndex, ordering: .relaxed)
        waiter.signal()
      }
    }
    let bytes = [UInt8](repeating: 7, count: Self.entryBytes)
    var spent: [Double] = []
    for _ in 0..<2000 {
      spent.append(
        time {
          _ = bytes.withUnsafeBytes { journal.writer.append($0, durable: true) }
          journal.writer.commit()
          waiter.wait()
        })
    }
    journal.close()
    let storage = try PosixStorage(root: directory.path)
    let file = try storage.open("limit", .replace)
    var limit: [Double] = []
    for number in 0..<2000 {
      limit.append(
        try time {
          try file.write(
            [UInt8](repeating: 7, count: Self.entryBytes + 52), at: UInt64(number * (Self.entryBytes + 52)))
          try file.sync()
        })
    }
    print(
      "durable at depth 1: p50 \(spent.sorted()[1000] / 1e3) µs; write + fdatasync p50 \(limit.sorted()[1000] / 1e3) µs"
    )
  }
}

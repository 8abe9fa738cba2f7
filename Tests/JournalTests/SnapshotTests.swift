import Glibc
import Testing

@testable import Journal

/// Snapshots: the newest good one is found, and a bad one costs time only.
struct SnapshotTests {
  static let journal = JournalID(low: 3, high: 4)

  private func content(_ index: UInt64, _ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: index)
    return generator.bytes(count)
  }

  private func write(_ index: UInt64, _ count: Int, to store: SnapshotStore) throws {
    let bytes = content(index, count)
    try store.write(index: index, timeMilliseconds: 5) { writer in
      try writer.append(bytes[..<(count / 3)])
      try writer.append(bytes[(count / 3)...])
    }
  }

  private func bytes(of snapshot: SnapshotReader) throws -> [UInt8] {
    var found: [UInt8] = []
    try snapshot.read { found += Array($0) }
    return found
  }

  @Test(
    "what was written is read back, at sizes around a chunk", arguments: [0, 1, 1000, 1 << 20, (1 << 20) + 1, 3 << 20])
  func roundTrip(count: Int) throws {
    let store = SnapshotStore(storage: SimulatedStorage(), journal: Self.journal)
    try write(42, count, to: store)
    let found = try store.newest(atMost: 42)
    let snapshot = try #require(found.snapshot)
    #expect(snapshot.index == 42 && snapshot.timeMilliseconds == 5 && found.ignored.isEmpty)
    #expect(try bytes(of: snapshot) == content(42, count))
  }

  @Test("the newest within the log wins; only two are kept")
  func newest() throws {
    let storage = SimulatedStorage()
    let store = SnapshotStore(storage: storage, journal: Self.journal)
    for index in [UInt64(9), 100, 20] { try write(index, 50, to: store) }
    #expect(storage.paths(under: "snapshots/").count == 2)
    #expect(try store.newest(atMost: 100).snapshot?.index == 100)
    let behind = try store.newest(atMost: 99)
    #expect(behind.snapshot?.index == 20)
    #expect(behind.ignored.count == 1)
    #expect(try store.newest(atMost: 5).snapshot == nil)
    #expect(
      try SnapshotStore(storage: storage, journal: JournalID(low: 0, high: 0)).newest(atMost: 100).snapshot == nil)
  }

  @Test("a snapshot with any bit flipped or any length cut is passed over, and the older one used")
  func damaged() throws {
    let storage = SimulatedStorage()
    let store = SnapshotStore(storage: storage, journal: Self.journal)
    try write(10, 40, to: store)
    try write(11, 300, to: store)
    let path = "snapshots/00000000000000000011.snapshot"
    let good = storage.bytes(of: path)
    for bit in Campaign.cases(0..<good.count * 8, share: 5) {
      var bad = good
      bad[bit / 8] ^= 1 << UInt8(bit % 8)
      storage.setBytes(of: path, bad)
      let found = try store.newest(atMost: 50)
      #expect(found.snapshot?.index == 10 && found.ignored.map(\.path) == [path], "bit \(bit)")
    }
    for length in good.indices {
      storage.setBytes(of: path, Array(good[..<length]))
      #expect(try store.newest(atMost: 50).snapshot?.index == 10, "length \(length)")
    }
    storage.setBytes(of: path, good + [0])
    #expect(try store.newest(atMost: 50).snapshot?.index == 10)
    storage.setBytes(of: path, good)
    #expect(try store.newest(atMost: 50).snapshot?.index == 11)
  }

  @Test("a death or an error at any call leaves the old snapshot or the new one")
  func faults() throws {
    for aftermath in FaultTests.Aftermath.allCases {
      for fault in [SimulatedDisk.Fault.kill, .error(EIO), .error(ENOSPC)] {
        for call in 0..<12 {
          let storage = SimulatedStorage(seed: UInt64(call))
          let store = SnapshotStore(storage: storage, journal: Self.journal)
          try write(10, 700, to: store)
          storage.withDisk { disk in disk.faults[disk.calls + call] = fault }
          let isWritten = (try? write(20, 900, to: store)) != nil
          storage.withDisk { aftermath == .powerCut ? $0.cutPower() : $0.restart() }
          let snapshot = try #require(try store.newest(atMost: 50).snapshot, "\(aftermath) \(fault) \(call)")
          #expect(snapshot.index == 20 || snapshot.index == 10 && !isWritten)
          #expect(try bytes(of: snapshot) == content(snapshot.index, snapshot.index == 10 ? 700 : 900))
        }
      }
    }
  }
}

import Testing
import Windows

@Suite("Windows in snapshots")
struct WindowSnapshotTests {
  @Test("a key's bytes are as documented")
  func goldenBytes() throws {
    let count = try WindowTable(.count, capacity: 4, span: 100)
    let key = Hash128(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
    for time in [1_000, 0x01_02_03, 0x01_02_30] as [Int64] { count.observe(key, at: time, spans: []) }
    let head: [UInt8] = [8, 7, 6, 5, 4, 3, 2, 1, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11]
    let none = [UInt8](repeating: 0xFF, count: 8)
    let times: [UInt8] = [3, 2, 1, 0, 0, 0, 0, 0, 0x30, 2, 1, 0, 0, 0, 0, 0]
    #expect(count.exported() == head + none + [2, 0, 0, 0, 0, 0, 0, 0] + times)

    let sum = try WindowTable(.sum, capacity: 2, span: 100)
    for (time, value) in [(1, -1), (2, 2), (3, 3)] as [(Int64, Int64)] {
      sum.observe(key, at: time, value: value, spans: [])
    }
    let lost: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
    let events = [2, 2, 3, 3].flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] as [UInt8] }
    #expect(sum.exported() == head + lost + [2, 0, 0, 0, 0, 0, 0, 0] + events)
  }

  @Test("any chunk size gives the same bytes, and they restore every key", arguments: [1, 7, 1_000, Int.max])
  func chunks(chunk: Int) throws {
    let table = try WindowTable(.distinct, capacity: 6)
    for number in 0..<2_500 {
      for value in 0..<Int64(number % 9) {
        table.observe(.numbered(number), at: Int64(number) + value, value: value, spans: [])
      }
    }
    let bytes = table.exported(chunk: chunk)
    #expect(bytes == table.exported())
    let copy = try WindowTable(.distinct, capacity: 6)
    try bytes.withUnsafeBytes { try copy.importKeys($0) }
    #expect(copy.count == table.count)
    #expect(copy.exported() == bytes)
    #expect(copy.violatedInvariant() == nil)
  }

  @Test("a smaller window takes the newest events of a larger one")
  func smaller() throws {
    let large = try WindowTable(.count, capacity: 100)
    for time in 1...50 { large.observe(.numbered(1), at: Int64(time), spans: []) }
    let small = try WindowTable(.count, capacity: 3)
    try large.exported().withUnsafeBytes { try small.importKeys($0) }
    #expect(small.observe(.numbered(1), at: 50, .none, spans: [1_000, 2]).map(\.value) == [3, 2])
  }

  @Test("damaged bytes are refused with the offset, never trusted")
  func damage() throws {
    let table = try WindowTable(.sum, capacity: 3)
    for time in [5, 6, 7, 8] as [Int64] { table.observe(.numbered(1), at: time, value: time, spans: []) }
    let bytes = table.exported()
    for length in 1..<bytes.count { #expect(try refusal(Array(bytes[..<length]))?.reason == .truncated) }
    #expect(try refusal(bytes) == nil)
    #expect(try refusal(bytes, setting: 24, to: 0) == WindowImportErrorCase(.badCount, 24))
    #expect(try refusal(bytes, setting: 28, to: 1) == WindowImportErrorCase(.badCount, 24))
    #expect(try refusal(bytes, setting: 26, to: 2) == WindowImportErrorCase(.badCount, 24))
    #expect(try refusal(bytes, setting: 23, to: 0x7F) == WindowImportErrorCase(.badTime, 16))
    #expect(try refusal(bytes, setting: 32, to: 8) == WindowImportErrorCase(.badTime, 48))
    #expect(try refusal(bytes, setting: 39, to: 0x80) == WindowImportErrorCase(.badTime, 32))
  }

  @Test("random bytes are refused or taken in soundly", arguments: 0..<50)
  func fuzz(round: Int) throws {
    var generator = SplitMix64(seed: UInt64(round))
    for aggregate in WindowShape.Aggregate.allCases {
      var traffic = try WindowTraffic(aggregate, capacity: 5, keys: 3, seed: UInt64(round))
      for _ in 0..<30 { traffic.step() }
      var bytes = traffic.table.exported()
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      let copy = WindowTable(shape: traffic.table.shape, maximumKeys: 100)
      do {
        try bytes.withUnsafeBytes { try copy.importKeys($0) }
      } catch let error as WindowImportError {
        #expect(error.offset < bytes.count)
      }
      #expect(copy.violatedInvariant() == nil, "round \(round), \(aggregate)")
    }
  }

  struct WindowImportErrorCase: Equatable {
    var reason: WindowImportError.Reason
    var offset: Int

    init(_ reason: WindowImportError.Reason, _ offset: Int) {
      self.reason = reason
      self.offset = offset
    }
  }

  private func refusal(_ bytes: [UInt8], setting index: Int, to byte: UInt8) throws -> WindowImportErrorCase? {
    var bytes = bytes
    bytes[index] = byte
    return try refusal(bytes)
  }

  private func refusal(_ bytes: [UInt8]) throws -> WindowImportErrorCase? {
    let table = try WindowTable(.sum, capacity: 3)
    do {
      try bytes.withUnsafeBytes { try table.importKeys($0) }
      return nil
    } catch let error as WindowImportError {
      return WindowImportErrorCase(error.reason, error.offset)
    }
  }
}

import Testing
import Windows

@Suite("Window memory")
struct WindowMemoryTests {
  #if DEBUG
    static let keys = [1_000, 10_000]
  #else
    static let keys = [1_000, 10_000, 100_000, 1_000_000]
  #endif

  @Test("a key with four event times takes at most 64 bytes, its own 16 among them", arguments: keys)
  func bytesPerKey(keys: Int) throws {
    let table = try WindowTable(.count, capacity: 4)
    for number in 0..<keys {
      for time in 1...4 { table.observe(.numbered(number), at: Int64(time), spans: []) }
      // From 500 keys on it holds at every number of keys, not only at the last.
      if number >= 500 && number % 100 == 0 { #expect(table.bytes <= (number + 1) * 64, "\(number + 1) keys") }
    }
    #expect(table.count == keys)
    #expect(table.bytes <= keys * 64, "\(Double(table.bytes) / Double(keys)) bytes a key")
  }

  @Test("a wide window with four events takes no block", arguments: [8, 1_000])
  func wide(capacity: Int) throws {
    let table = try WindowTable(.count, capacity: capacity)
    for number in 0..<5_000 {
      for time in 1...4 { table.observe(.numbered(number), at: Int64(time), spans: []) }
    }
    #expect(table.bytes <= 5_000 * 80)
  }

  @Test("a block grows as events come, up to half as much again as the capacity")
  func blocks() throws {
    let table = try WindowTable(.count, capacity: 1_000, span: 1_000_000)
    let empty = table.bytes
    for time in 1...5 { table.observe(.numbered(1), at: Int64(time), spans: []) }
    #expect(table.bytes - empty <= 128)
    for time in 6...10_000 { table.observe(.numbered(1), at: Int64(time), spans: []) }
    #expect(table.bytes - empty <= 1_500 * 8 + 64)
    #expect(table.violatedInvariant() == nil)
  }
}

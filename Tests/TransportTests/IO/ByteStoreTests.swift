import Testing

@testable import Transport

@Suite("Bytes that wait")
struct ByteStoreTests {
  @Test("it agrees with an array, whatever is appended and consumed", arguments: 1...50 as ClosedRange<UInt64>)
  func model(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var store = ByteStore()
    var model: [UInt8] = []
    for _ in 0..<200 {
      switch Int.random(in: 0...3, using: &random) {
      case 0, 1:
        let bytes = random.bytes(Int.random(in: 0...900, using: &random))
        store.append(bytes)
        model += bytes
      case 2:
        let count = Int.random(in: 0...model.count, using: &random)
        if Bool.random(using: &random) { store.consume(count) } else { store.consumeKeepingCapacity(count) }
        model.removeFirst(count)
      default:
        let count = Int.random(in: 1...100, using: &random)
        store.reserve(count).initializeMemory(as: UInt8.self, repeating: 5, count: count)
        store.commit(count)
        model += [UInt8](repeating: 5, count: count)
      }
      let same = store.bytes.elementsEqual(model)
      #expect(same, "seed \(seed)")
      let count = store.count
      #expect(count == model.count, "seed \(seed)")
    }
  }
}

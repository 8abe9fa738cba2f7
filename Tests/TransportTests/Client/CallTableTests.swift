import Testing

@testable import Transport

@Suite("The client's table of calls")
struct CallTableTests {
  @Test("ids rise and skip places that are taken")
  func skipping() {
    var table = CallTable<String>(limit: 2)
    #expect(table.insert("long") == 1)
    for id in 2...16 as ClosedRange<UInt32> {
      #expect(table.insert("short") == id)
      #expect(table.remove(id) == "short")
    }
    // 17 would be the place of 1.
    #expect(table.insert("next") == 18)
    #expect(table[1] == "long" && table[17] == nil && table[18] == "next")
    #expect(table.insert("too many") == nil)
    #expect(table.all.map(\.id) == [1, 18])
  }

  @Test("it agrees with a dictionary, whatever is done", arguments: 1...50 as ClosedRange<UInt64>)
  func model(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let limit = Int.random(in: 1...20, using: &random)
    var table = CallTable<UInt64>(limit: limit)
    var model: [UInt32: UInt64] = [:]
    for _ in 0..<500 {
      if Bool.random(using: &random) {
        let value = random.next()
        let last = table.lastID
        let id = table.insert(value)
        #expect((id == nil) == (model.count == limit), "seed \(seed)")
        if let id {
          #expect(id > last, "seed \(seed)")
          model[id] = value
        }
      } else {
        let id = model.keys.sorted().randomElement(using: &random) ?? UInt32.random(in: 1...100, using: &random)
        #expect(table[id] == model[id], "seed \(seed)")
        #expect(table.remove(id) == model.removeValue(forKey: id), "seed \(seed)")
      }
      #expect(table.count == model.count, "seed \(seed)")
    }
    #expect(table.all.map(\.id) == model.keys.sorted(), "seed \(seed)")
  }
}

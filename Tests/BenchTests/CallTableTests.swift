import Testing

@testable import Bench

@Suite("A table of calls in flight")
struct CallTableTests {
  @Test("agrees with a dictionary, whatever order calls end in", arguments: Seed.all)
  func model(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let capacity = 1 + Int(random.nextIndex(below: 40))
    var table = CallTable(capacity: capacity)
    var model: [UInt32: UInt64] = [:]
    var lastID: UInt32 = 0
    for step in 1...20_000 as ClosedRange<UInt64> {
      if model.count < capacity, random.next() % 2 == 0 {
        let id = table.begin(at: step, isEvaluation: step % 3 == 0)
        #expect(id > lastID, "seed \(seed)")
        lastID = id
        model[id] = step
      } else if let id = model.keys.sorted().randomElement(using: &random) {
        let call = table.end(id)
        #expect(call?.start == model.removeValue(forKey: id), "seed \(seed)")
        #expect(call?.isEvaluation == (call.map { $0.start % 3 == 0 }))
      }
      #expect(table.count == model.count, "seed \(seed)")
    }
    var given: [UInt64] = []
    table.endAll { given.append($0) }
    #expect(given.sorted() == model.values.sorted(), "seed \(seed)")
    #expect(table.count == 0)
  }

  @Test("skips ids whose slot a slow call holds")
  func slowCall() {
    var table = CallTable(capacity: 2)
    let slow = table.begin(at: 1, isEvaluation: true)
    for time in 2...100 as ClosedRange<UInt64> {
      #expect(table.end(table.begin(at: time, isEvaluation: true))?.start == time)
    }
    #expect(table.end(slow)?.start == 1)
  }

  @Test("knows no call that has ended or never began")
  func unknown() {
    var table = CallTable(capacity: 4)
    let id = table.begin(at: 1, isEvaluation: false)
    #expect(table.end(id + 1) == nil)
    #expect(table.end(id) != nil)
    #expect(table.end(id) == nil)
  }
}

import Testing
import Windows

/// Random traffic: table and model must agree on every reading.
@Suite("Windows against the model")
struct WindowModelTests {
  @Test("few keys, small capacities", arguments: WindowShape.Aggregate.allCases, 0..<12)
  func fewKeys(aggregate: WindowShape.Aggregate, round: Int) throws {
    let seed = UInt64(1_000 + round)
    var generator = SplitMix64(seed: seed)
    let capacity = Int.random(in: 1...20, using: &generator)
    var traffic = try WindowTraffic(
      aggregate, capacity: capacity, keys: Int.random(in: 1...4, using: &generator), seed: seed)
    for step in 0..<300 {
      traffic.step()
      if step % 10 == 0 { traffic.expire() }
      traffic.checkInvariants()
    }
  }

  @Test("every capacity from 1 to 20", arguments: [WindowShape.Aggregate.count, .distinct], 1...20)
  func capacities(aggregate: WindowShape.Aggregate, capacity: Int) throws {
    var traffic = try WindowTraffic(aggregate, capacity: capacity, keys: 2, seed: UInt64(capacity))
    for _ in 0..<200 {
      traffic.step()
      traffic.checkInvariants()
    }
  }

  @Test("a thousand events of one key", arguments: WindowShape.Aggregate.allCases)
  func largeCapacity(aggregate: WindowShape.Aggregate) throws {
    var traffic = try WindowTraffic(
      aggregate, capacity: 1_000, keys: 1, pace: 1, longestSpan: 5_000...5_000, seed: 79)
    traffic.fill(950)
    for step in 0..<250 {
      traffic.step()
      if step % 50 == 0 { traffic.checkInvariants() }
    }
    let recorded = try #require(traffic.model.events[traffic.keys[0]]?.count)
    #expect(recorded > 1_000)
  }

  @Test("many keys, with sweeps, growth and splits", arguments: WindowShape.Aggregate.allCases)
  func manyKeys(aggregate: WindowShape.Aggregate) throws {
    var traffic = try WindowTraffic(aggregate, capacity: 3, keys: 2_500, seed: 5)
    for step in 0..<5_000 {
      traffic.step()
      if step % 20 == 0 { traffic.expire() }
      if step % 500 == 0 { traffic.checkInvariants() }
    }
  }

  @Test("a table that moves through a snapshot goes on alike", arguments: WindowShape.Aggregate.allCases, 0..<4)
  func snapshots(aggregate: WindowShape.Aggregate, round: Int) throws {
    var traffic = try WindowTraffic(aggregate, capacity: 2 + round * 3, keys: 5, seed: UInt64(900 + round))
    for step in 0..<400 {
      traffic.step()
      guard step % 25 == 0 else { continue }
      let copy = WindowTable(shape: traffic.table.shape, maximumKeys: .max)
      try traffic.table.exported(chunk: 2).withUnsafeBytes { try copy.importKeys($0) }
      let isSame = copy.exported() == traffic.table.exported()
      #expect(isSame, "seed \(traffic.seed)")
      traffic.table = copy
      traffic.checkInvariants()
    }
  }
}

import GatehouseProtocol
import Rules
import Wire

/// What decisions say of counters that are not warm yet (`Decision.warming`), encoded once for a rule set in force.
///
/// `@unchecked Sendable`: written by `init` alone.
final class WarmUp: @unchecked Sendable {
  /// A counter over a window, and the field of a decision that names it.
  struct Warming: BitwiseCopyable {
    /// From when on it is whole, Unix milliseconds.
    var warmAt: Int64
    var start: Int32
    var count: Int32
  }

  /// From when on everything is warm: one comparison is all that a call pays from then on.
  let warmAt: Int64
  /// The most bytes that it can add to a decision.
  let maxDecisionBytes: Int
  /// By kind of activity, where those that its rules read begin in `warmings`; one more than there are kinds.
  private let starts: FixedMemory<Int>
  private let warmings: FixedMemory<Warming>
  private let bytes: FixedMemory<UInt8>

  /// - Throws: when a counter's name cannot be encoded.
  init(_ rules: RuleSet, _ coverage: Coverage) throws {
    var pool: [UInt8] = []
    var (starts, all) = ([0], [Warming]())
    var (latest, most) = (Coverage.always, 0)
    for kind in rules.kinds.indices {
      let before = pool.count
      for reading in rules.readings(of: Int32(kind)) {
        let whole = coverage.wholeFrom(reading.counter)
        guard whole != Coverage.always else { continue }
        let warmAt = whole &+ reading.windowMilliseconds
        let warming = WarmingCounter(
          counter: reading.counter.name, window: reading.windowMilliseconds, warmAt: warmAt)
        let encoded = try ProtobufEncoder().encode(Decision(warming: [warming]))
        all.append(Warming(warmAt: warmAt, start: Int32(pool.count), count: Int32(encoded.count)))
        pool += encoded
        latest = max(latest, warmAt)
      }
      starts.append(all.count)
      most = max(most, pool.count - before)
    }
    (warmAt, maxDecisionBytes) = (latest, most)
    self.starts = FixedMemory(starts)
    warmings = FixedMemory(all)
    bytes = FixedMemory(pool)
  }

  /// Hands the fields to write for an activity at `time` to `body`, one by one.
  func forEach(kind: Int32, at time: Int64, _ body: (UnsafeRawBufferPointer) -> Void) {
    for index in starts[Int(kind)]..<starts[Int(kind) + 1] where time < warmings[index].warmAt {
      let warming = warmings[index]
      body(UnsafeRawBufferPointer(start: bytes.base + Int(warming.start), count: Int(warming.count)))
    }
  }
}

/// Elements at a fixed place.
private struct FixedMemory<Element: BitwiseCopyable>: ~Copyable {
  let base: UnsafeMutablePointer<Element>

  init(_ elements: [Element]) {
    base = .allocate(capacity: max(1, elements.count))
    for (index, element) in elements.enumerated() { (base + index).initialize(to: element) }
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Element { base[index] }
}

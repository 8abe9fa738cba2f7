import Engine
import Foundation
import Rules
import Windows

/// Measures and prints the tables.
struct Sweep {
  private static let start: Int64 = 1_790_000_000_000
  private static let rounds = 11
  private static let hour: Int64 = 3_600_000

  let shipped: String
  let milliseconds: Int

  func printTables() throws {
    print("| rules | counters | windows read | µs a call | ns a rule |")
    print("|---|---|---|---|---|")
    for rules in [1, 10, 50, 100, 200] { try printRules(rules) }
    print("\n| keys | µs a call | bytes a window key |")
    print("|---|---|---|")
    for keys in [1_000, 10_000, 100_000, 1_000_000] { try printKeys(keys) }
    print("\n| events a key | count > 5, ns | sum, ns | sum's bytes a key |")
    print("|---|---|---|---|")
    for events in [1, 10, 100, 1_000, 4_000] { try printEvents(events) }
  }

  private func printRules(_ count: Int) throws {
    let counters = min(count, 50)
    let rules = try compile(SweepRules.text(rules: count, counters: counters))
    let call = try cost(of: engine(rules), SweepRequests(keys: 10_000), now: Self.start)
    print("| \(count) | \(counters) | \(rules.maxReadings) | \(micros(call)) | \(Int(call) / count) |")
  }

  private func printKeys(_ keys: Int) throws {
    let engine = try engine(compile(shipped))
    let evaluator = engine.makeEvaluator()
    for first in stride(from: 0, to: keys, by: 64) { try fill(evaluator, first..<min(first + 64, keys)) }
    let statistics = engine.statistics()
    let call = try cost(of: engine, SweepRequests(keys: keys), now: Self.start)
    print("| \(keys) | \(micros(call)) | \(statistics.windowBytes / max(1, statistics.keys)) |")
  }

  /// As many events of each of 256 keys within the window, and no more of them as time goes on.
  private func printEvents(_ events: Int) throws {
    var costs: [Double] = []
    var bytes = 0
    for text in [SweepRules.one("count", "> 5"), SweepRules.one("sum amount", "> 1000000.00 USD")] {
      let engine = try engine(compile(text))
      let evaluator = engine.makeEvaluator()
      let requests = try (0..<256).map { try SweepRequests.encoded(key: $0, isCheck: false) }
      let step = 48 * Self.hour / Int64(events)
      for event in 0..<events {
        for first in stride(from: 0, to: 256, by: 64) {
          process(evaluator, requests[first..<first + 64], now: Self.start - 48 * Self.hour + Int64(event) * step)
        }
      }
      bytes = engine.statistics().windowBytes / max(1, engine.statistics().keys)
      // 256 calls, half of which record, move time on by half a step.
      let pace = Double(step) / 512
      costs.append(try cost(of: engine, SweepRequests(keys: 256, pool: 16_384), now: Self.start, pace: pace))
    }
    print("| \(events) | \(Int(costs[0])) | \(Int(costs[1])) | \(bytes) |")
  }

  // MARK: -

  private func compile(_ text: String) throws -> RuleSet {
    let compilation = RuleCompiler(latenessMilliseconds: Self.hour, digest: { _ in "0123456789abcdef" })
      .compile(SourceFile(name: "sweep.rules", text: text))
    guard let rules = compilation.ruleSet else {
      throw SweepError(description: compilation.diagnostics.map { $0.rendered(in: compilation.file) }.joined())
    }
    return rules
  }

  private func engine(_ rules: RuleSet) throws -> Engine {
    var configuration = EngineConfiguration()
    configuration.rememberedIDs = 10_000
    return try Engine(rules: rules, hasher: KeyHasher(key0: 1, key1: 2), configuration: configuration, book: nil)
  }

  private func fill(_ evaluator: Evaluator, _ keys: Range<Int>) throws {
    let requests = try keys.map { try SweepRequests.encoded(key: $0, isCheck: false) }
    process(evaluator, requests[...], now: Self.start - 1)
  }

  private func process(_ evaluator: Evaluator, _ requests: ArraySlice<[UInt8]>, now: Int64) {
    let bytes = requests.flatMap { $0 }
    bytes.withUnsafeBytes { bytes in
      var end = 0
      let chunk = requests.map { request in
        defer { end += request.count }
        return EvaluationRequest(
          method: .evaluate, payload: UnsafeRawBufferPointer(rebasing: bytes[end..<end + request.count]))
      }
      _ = chunk.withUnsafeBufferPointer { evaluator.process($0, now: now) }
    }
  }

  /// Nanoseconds of the processor a call: the median of the rounds, after one that is not counted.
  ///
  /// - Parameter pace: by how many milliseconds the server's clock goes on with each call.
  private func cost(of engine: Engine, _ requests: SweepRequests, now: Int64, pace: Double = 0.001) throws -> Double {
    let evaluator = engine.makeEvaluator()
    let length = Double(milliseconds) * 1e6 / Double(Self.rounds)
    var (costs, chunk) = ([Double](), 0)
    for _ in 0...Self.rounds {
      let (start, first) = (Self.processorNanoseconds(), chunk)
      while Self.processorNanoseconds() - start < length {
        for _ in 0..<16 {
          let time = now + Int64(Double(chunk * Evaluator.maxCalls) * pace)
          _ = evaluator.process(requests.chunk(chunk), now: time)
          chunk += 1
        }
      }
      costs.append((Self.processorNanoseconds() - start) / Double((chunk - first) * Evaluator.maxCalls))
    }
    guard case .answered = evaluator.answer(0) else { throw SweepError(description: "a call was refused") }
    return costs.dropFirst().sorted()[Self.rounds / 2]
  }

  /// What this thread has had of the processor: others on the machine cost it nothing but their traces in the caches.
  private static func processorNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }

  private func micros(_ nanoseconds: Double) -> String { String(format: "%.2f", nanoseconds / 1_000) }
}

/// Why nothing could be measured.
struct SweepError: Error, CustomStringConvertible {
  let description: String
}

import Engine
import GatehouseProtocol
import Rules
import Windows
import Wire

/// Bytes as requests to an engine with the shipped rules: refused for a reason that is the caller's, or answered with a
/// message of the contract.
///
/// Making an engine takes far longer than a call, so inputs share one: what an input does may depend on those before it.
final class EvaluatorTarget: FuzzTarget {
  static let name = "evaluator"

  private static let now: Int64 = 1_790_000_000_000
  private let evaluator: Evaluator

  init() {
    let compiler = RuleCompiler(latenessMilliseconds: 172_800_000, digest: { _ in "fuzz" })
    let file = SourceFile(name: "trade.rules", bytes: repositoryFile("deploy/rules/trade.rules"))
    guard let rules = compiler.compile(file).ruleSet else { refute("the shipped rules have errors") }
    var configuration = EngineConfiguration()
    (configuration.maxKeysPerTable, configuration.rememberedIDs) = (1_024, 2_048)
    configuration.rememberedAnswerBytes = 2 << 20
    guard
      let engine = try? Engine(
        rules: rules, hasher: KeyHasher(key0: 1, key1: 2), configuration: configuration, book: nil)
    else { refute("the shipped rules cannot be served") }
    evaluator = engine.makeEvaluator()
  }

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first else { return }
    let payload = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let method: EvaluationRequest.Method = choice & 1 == 0 ? .evaluate : .record
    // Three of a kind in one chunk: those with an id are answered once and repeated.
    let requests = Array(repeating: EvaluationRequest(method: method, payload: payload), count: 3)
    let taken = requests.withUnsafeBufferPointer { evaluator.process($0, now: Self.now) }
    require(taken == requests.count, "without a log a chunk was cut short")
    let isWellFormed = isMessage(payload, method)
    for call in requests.indices { check(evaluator.answer(call), method, isWellFormed) }
  }

  private func isMessage(_ payload: UnsafeRawBufferPointer, _ method: EvaluationRequest.Method) -> Bool {
    switch method {
    case .evaluate: (try? ProtobufDecoder().decode(EvaluateRequest.self, from: payload)) != nil
    case .record: (try? ProtobufDecoder().decode(RecordActivityRequest.self, from: payload)) != nil
    }
  }

  private func check(_ answer: EvaluationAnswer, _ method: EvaluationRequest.Method, _ isWellFormed: Bool) {
    switch answer {
    case .refused(let error):
      require(
        error.code == .invalidArgument
          || (isWellFormed && (error.code == .failedPrecondition || error.code == .alreadyExists)),
        "a stranger's bytes led to \(error)")
    case .answered(let bytes, _, let logIndex):
      require(isWellFormed, "what is no message was answered")
      require(logIndex == nil, "an entry of no log")
      do {
        switch method {
        case .evaluate: _ = try ProtobufDecoder().decode(Decision.self, from: bytes)
        case .record: _ = try ProtobufDecoder().decode(RecordActivityResponse.self, from: bytes)
        }
      } catch {
        refute("the answer is no message of the contract: \(error)")
      }
    }
  }

  static func seeds() -> [[UInt8]] { ViewTarget.seeds() + samples }

  /// Requests of the kinds that the shipped rules judge, with extreme values.
  private static var samples: [[UInt8]] {
    let kinds = [("order", "create"), ("customer", "login"), ("payment_method", "create")]
    let times: [Int64?] = [nil, 1, Int64.min, now + 60_000, now - 172_800_000]
    return kinds.flatMap { entity, action in
      times.compactMap { time in
        let place = Location(
          country: "US", region: "FL", timeZone: "America/New_York", latitude: .infinity, longitude: -180)
        let activity = Activity(
          id: "a", occurredAt: time, customerID: "c", entity: entity, action: action, wasSuccessful: false,
          reason: "cvv_failed", clientIP: "::ffff:1.2.3.4", location: place,
          amount: Money(minorUnits: .min, currency: "USD"), card: Card(fingerprint: "f"),
          membership: Membership(id: "m", startedAt: .max), attributes: ["a": "b"], home: place)
        return (try? ProtobufEncoder().encode(EvaluateRequest(activity: activity, mode: .record))).map { [0] + $0 }
      }
    }
  }
}

import Engine
import GatehouseProtocol
import Rules
import Windows
import Wire

/// One evaluator, called with messages instead of bytes. Confined to one thread, as its evaluator is.
struct TestGate {
  /// Friday 2026-11-20, noon in New York: no quiet hour.
  static let noon: Int64 = 1_795_194_000_000

  /// What was answered to one call.
  enum Answer: Equatable {
    case decision(Decision)
    case recorded(RecordActivityResponse)
    case refused(RPCError)

    var decision: Decision? { if case .decision(let decision) = self { decision } else { nil } }
    var error: RPCError? { if case .refused(let error) = self { error } else { nil } }
  }

  /// A call: a message and whose it is.
  struct Call {
    let method: EvaluationRequest.Method
    let bytes: [UInt8]

    static func evaluate(
      _ activity: Activity?, _ mode: EvaluateRequest.Mode = .record, durability: Durability = .unspecified
    ) throws -> Call {
      let request = EvaluateRequest(activity: activity, mode: mode, durability: durability)
      return Call(method: .evaluate, bytes: try ProtobufEncoder().encode(request))
    }

    static func record(_ activity: Activity?, durability: Durability = .unspecified) throws -> Call {
      let request = RecordActivityRequest(activity: activity, durability: durability)
      return Call(method: .record, bytes: try ProtobufEncoder().encode(request))
    }
  }

  let engine: Engine
  let evaluator: Evaluator

  init(_ engine: Engine) {
    self.engine = engine
    evaluator = engine.makeEvaluator()
  }

  init(_ rules: RuleSet, book: (any Book)? = nil, configure: (inout EngineConfiguration) -> Void = { _ in }) throws {
    self.init(try Self.engine(rules, book: book, configure: configure))
  }

  /// An engine with little memory.
  static func engine(
    _ rules: RuleSet, book: (any Book)? = nil, configure: (inout EngineConfiguration) -> Void = { _ in }
  ) throws -> Engine {
    var configuration = EngineConfiguration()
    (configuration.rememberedIDs, configuration.rememberedAnswerBytes) = (16_384, 8 << 20)
    configure(&configuration)
    return try Engine(rules: rules, hasher: KeyHasher(key0: 1, key1: 2), configuration: configuration, book: book)
  }

  /// Takes the calls through the evaluator, in as few chunks as it takes them.
  func process(_ calls: [Call], now: Int64 = noon) throws -> [Answer] {
    let bytes = calls.flatMap(\.bytes) + [0]
    return try bytes.withUnsafeBytes { bytes in
      var end = 0
      let requests = calls.map { call in
        defer { end += call.bytes.count }
        let payload = UnsafeRawBufferPointer(rebasing: bytes[end..<end + call.bytes.count])
        return EvaluationRequest(method: call.method, payload: payload)
      }
      return try requests.withUnsafeBufferPointer { requests in
        var answers: [Answer] = []
        while answers.count < calls.count {
          let taken = evaluator.process(UnsafeBufferPointer(rebasing: requests[answers.count...]), now: now)
          let first = answers.count
          for index in 0..<taken { answers.append(try answer(index, calls[first + index].method)) }
        }
        return answers
      }
    }
  }

  private func answer(_ index: Int, _ method: EvaluationRequest.Method) throws -> Answer {
    switch (evaluator.answer(index), method) {
    case (.refused(let error), _): return .refused(error)
    case (.answered(let bytes, _, _), .evaluate):
      return .decision(try ProtobufDecoder().decode(Decision.self, from: bytes))
    case (.answered(let bytes, _, _), .record):
      return .recorded(try ProtobufDecoder().decode(RecordActivityResponse.self, from: bytes))
    }
  }

  /// The answer to one call. - Throws: the refusal.
  func evaluate(
    _ activity: Activity?, _ mode: EvaluateRequest.Mode = .record, durability: Durability = .unspecified,
    now: Int64 = noon
  ) throws -> Decision {
    switch try process([.evaluate(activity, mode, durability: durability)], now: now)[0] {
    case .decision(let decision): return decision
    case .refused(let error): throw error
    case .recorded: throw RPCError(.internal, "answered as another method")
    }
  }

  /// The answer to one call. - Throws: the refusal.
  @discardableResult
  func record(
    _ activity: Activity?, durability: Durability = .unspecified, now: Int64 = noon
  ) throws -> RecordActivityResponse {
    switch try process([.record(activity, durability: durability)], now: now)[0] {
    case .recorded(let response): return response
    case .refused(let error): throw error
    case .decision: throw RPCError(.internal, "answered as another method")
    }
  }

  /// The refusal of one call; nil when it was answered.
  func refusal(of call: Call, now: Int64 = noon) throws -> RPCError? { try process([call], now: now)[0].error }
}

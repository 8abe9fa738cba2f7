import GatehouseProtocol
import Rules
import Wire

extension Evaluator {
  /// Decides as `CHECK` does and tells every part of every rule of the activity's kind, with the values that the decision
  /// itself saw.
  ///
  /// - Throws: the refusal, as of Evaluate; RESOURCE_EXHAUSTED when the rules say more than one answer can hold.
  func explain(_ activity: Activity?, now: Int64) throws(RPCError) -> Explanation {
    let request = try encoded(EvaluateRequest(activity: activity, mode: .check))
    // Texts of the activity are seen where they lie in the request, so they are told while it does.
    let explanation: Result<Explanation, RPCError> = request.withUnsafeBytes { bytes in
      let call = EvaluationRequest(method: .evaluate, payload: bytes)
      _ = withUnsafePointer(to: call) { process(UnsafeBufferPointer(start: $0, count: 1), now: now) }
      do throws(RPCError) {
        return .success(try explanationOfCall())
      } catch {
        return .failure(error)
      }
    }
    return try explanation.get()
  }

  /// Of the chunk's only call.
  private func explanationOfCall() throws(RPCError) -> Explanation {
    switch answer(0) {
    case .refused(let error): throw error
    case .answered(let bytes, _, _): return Explanation(decision: try decoded(bytes), rules: try explainedRules())
    }
  }

  private func explainedRules() throws(RPCError) -> [RuleExplanation] {
    let (rules, call) = (scratch.generation.rules, evaluations[0])
    guard call.kind >= 0 else { return [] }
    var room = ExplanationRoom()
    var explained: [RuleExplanation] = []
    for index in rules.rules(of: call.kind) {
      let part = rules.explain(
        rule: index, fields: &scratch.fields[0], readings: scratch.readings(0), time: call.time)
      guard let part else { continue }
      explained.append(RuleExplanation(rule: rules.rules[index].name, condition: room.node(part)))
      if room.isUsedUp { throw Self.tooLarge }
    }
    return explained
  }

  private func encoded(_ request: EvaluateRequest) throws(RPCError) -> [UInt8] {
    do {
      return try ProtobufEncoder().encode(request)
    } catch {
      throw RPCError(.invalidArgument, "the activity cannot be encoded: \(error)", retry: .never)
    }
  }

  private func decoded(_ answer: UnsafeRawBufferPointer) throws(RPCError) -> Decision {
    do {
      return try ProtobufDecoder().decode(Decision.self, from: answer)
    } catch {
      throw RPCError(.internal, "the decision cannot be read: \(error)")
    }
  }

  private static let tooLarge = RPCError(
    .resourceExhausted, "the rules of this kind of activity say more than \(ExplanationRoom.maxBytes) bytes can hold",
    retry: .never)
}

/// Turns explained parts into messages, within what one answer may hold.
struct ExplanationRoom {
  /// Of texts and values, and of what is around them.
  static let maxBytes = 2 << 20
  /// Levels of parts; those below are left out. Messages nest a hundred levels deep at most (wire.md), these lie in two
  /// others.
  static let maxLevels = 64
  private static let framingBytes = 16

  private var left = maxBytes
  var isUsedUp: Bool { left < 0 }

  mutating func node(_ part: ExplainedPart, level: Int = 1) -> ExplanationNode {
    var node = ExplanationNode(text: part.text, value: part.value.description)
    left -= node.text.utf8.count + node.value.utf8.count + Self.framingBytes
    guard level < Self.maxLevels, !isUsedUp else { return node }
    for inner in part.parts { node.parts.append(self.node(inner, level: level + 1)) }
    return node
  }
}

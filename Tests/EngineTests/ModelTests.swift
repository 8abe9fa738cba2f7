import GatehouseProtocol
import Testing
import Wire

@testable import Engine

@Suite("The shipped rules agree with a model that keeps every event")
struct ModelTests {
  /// A call of the run, and what the model says of it; nil for a repeat.
  private struct Step {
    let call: TestGate.Call
    let activity: Activity
    let outcome: TradeModel.Outcome?
    let isEvaluate: Bool
  }

  @Test("decision for decision, over late, repeated and simultaneous activities", arguments: 1...25)
  func agrees(seed: UInt64) throws {
    let gate = try TestGate(TestRules.shipped()) { $0.shards = [1, 2, 7][Int(seed % 3)] }
    var traffic = TradeTraffic(seed: seed)
    var model = try TradeModel(lateness: TestRules.lateness)
    var kept: [Step] = []
    var (compared, open) = (0, 0)
    for round in 0..<200 {
      let chunk = try chunk(&traffic, &model, &kept)
      let answers = try gate.process(chunk.steps.map(\.call), now: chunk.now)
      for (step, answer) in zip(chunk.steps, answers) {
        compared += 1
        if step.outcome?.isOpen == true { open += 1 }
        try check(answer, step, "seed \(seed) round \(round): \(step.activity)")
      }
    }
    #expect(compared > 200 && open * 20 < compared)
  }

  /// Up to eight calls of one moment: new activities, checks, records, and repeats of what was recorded.
  private func chunk(
    _ traffic: inout TradeTraffic, _ model: inout TradeModel, _ kept: inout [Step]
  ) throws -> (steps: [Step], now: Int64) {
    var activities = [traffic.next()]
    let now = traffic.now
    while activities.count < 8, !traffic.chance(of: 3) {
      let next = traffic.next()
      guard traffic.now == now else { break }
      activities.append(next)
    }
    var steps: [Step] = []
    for activity in activities {
      let step = try step(activity, &traffic, &model, now)
      steps.append(step)
      if !step.activity.id.isEmpty { kept.append(step) }
    }
    if !kept.isEmpty, traffic.chance(of: 4) {
      let repeated = kept[traffic.below(kept.count)]
      steps.append(
        Step(call: repeated.call, activity: repeated.activity, outcome: nil, isEvaluate: repeated.isEvaluate))
    }
    return (steps, now)
  }

  private func step(
    _ activity: Activity, _ traffic: inout TradeTraffic, _ model: inout TradeModel, _ now: Int64
  ) throws -> Step {
    if traffic.chance(of: 4) {
      var activity = activity
      activity.id = ""
      let outcome = model.judge(activity, now: now, isRecorded: false)
      return Step(call: try .evaluate(activity, .check), activity: activity, outcome: outcome, isEvaluate: true)
    }
    let outcome = model.judge(activity, now: now, isRecorded: true)
    let isEvaluate = !traffic.chance(of: 5)
    return Step(
      call: isEvaluate ? try .evaluate(activity) : try .record(activity), activity: activity, outcome: outcome,
      isEvaluate: isEvaluate)
  }

  private func check(_ answer: TestGate.Answer, _ step: Step, _ comment: Comment) throws {
    guard let outcome = step.outcome else {
      if case .recorded(let response) = answer { #expect(response.repeated, comment) }
      if let decision = answer.decision { #expect(decision.repeated, comment) }
      return #expect(answer.error == nil, comment)
    }
    guard step.isEvaluate else { return #expect(answer.error == nil, comment) }
    let decision = try #require(answer.decision, comment)
    if outcome.isOpen { return }
    #expect(decision.outcome == outcome.fired.first?.effect ?? Effect.none, comment)
    #expect(decision.fired.map(\.rule) == outcome.fired.map(\.rule), comment)
    #expect(decision.fired.map(\.effect) == outcome.fired.map(\.effect), comment)
    #expect(decision.notEvaluated.map(\.rule) == outcome.unevaluated.map(\.rule), comment)
    #expect(decision.notEvaluated.map(\.missingField) == outcome.unevaluated.map(\.missing), comment)
    for (fired, expected) in zip(decision.fired, outcome.fired) {
      #expect(fired.observations.count == expected.seen.count, comment)
      for (observation, seen) in zip(fired.observations, expected.seen) { check(observation, seen, comment) }
    }
  }

  private func check(_ observation: Observation, _ seen: TradeModel.Seen, _ comment: Comment) {
    #expect(observation.counter == seen.counter, comment)
    #expect(observation.window == seen.hours * TestRules.hour, comment)
    #expect(observation.threshold == seen.threshold, comment)
    if observation.atLeast {
      // A bound is told only where it decides all the same.
      #expect(observation.value <= seen.value && observation.value > seen.threshold, comment)
    } else {
      #expect(observation.value == seen.value, comment)
    }
  }
}

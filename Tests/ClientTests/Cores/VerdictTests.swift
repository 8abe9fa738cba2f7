import GatehouseProtocol
import Testing
import Wire

@testable import GatehouseClient

@Suite struct VerdictTests {
  @Test(
    "effects lead to answers by severity, unknown ones to the known one below",
    arguments: [
      (0, .allow), (1, .allow), (2, .allow), (3, .challenge), (4, .deny), (5, .deny), (99, .deny),
    ] as [(Int32, Verdict.Answer)])
  func answers(effect: Int32, answer: Verdict.Answer) {
    #expect(Verdict(Decision(outcome: Effect(rawValue: effect)), activityID: "").answer == answer)
  }

  @Test("a fallback answers what it is called, is marked, and tells why", arguments: Fallback.allCases)
  func fallbacks(fallback: Fallback) {
    let error = GatehouseError(.deadlineExceeded, "late")
    let verdict = Verdict(fallback, for: error, activityID: "id-1")
    switch fallback {
    case .allow: #expect(verdict?.answer == .allow)
    case .deny: #expect(verdict?.answer == .deny)
    case .challenge: #expect(verdict?.answer == .challenge)
    case .throw: #expect(verdict == nil)
    }
    guard let verdict else { return }
    #expect(verdict.source == .fallback(.timeout))
    #expect(verdict.activityID == "id-1")
    #expect(verdict.error?.message == "late")
    #expect(verdict.messages.isEmpty)
  }

  @Test("a mistake of the caller never passes for an outage", arguments: StatusCode.allCases)
  func mistakes(code: StatusCode) {
    let verdict = Verdict(.allow, for: GatehouseError(code, ""), activityID: "")
    switch code {
    case .deadlineExceeded, .unavailable, .resourceExhausted, .internal, .unknown, .aborted, .dataLoss:
      #expect(verdict != nil)
    default: #expect(verdict == nil)
    }
  }

  @Test("messages stand in the order of the rules that fired")
  func messages() {
    let fired = [FiredRule(rule: "a", message: "one"), FiredRule(rule: "b", message: "two")]
    #expect(Verdict(Decision(fired: fired), activityID: "").messages == ["one", "two"])
  }
}

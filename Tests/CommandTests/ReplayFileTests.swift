import GatehouseProtocol
import Testing

@testable import gatehouse

@Suite("A file to replay")
struct ReplayFileTests {
  private func read(_ text: String) throws(ReplayFile.LineError) -> [ReplayStep] {
    try ReplayFile(text, placeholders: Placeholders(run: "r1", now: 1_000_000_000_000)).steps
  }

  @Test("a line is a call with its expectation")
  func line() throws {
    let steps = try read(
      """
      {"name":"Third failed login","evaluate":{"mode":"CHECK","activity":{"id":"a-${run}","occurred_at":"${-1s}",\
      "entity":"customer","action":"login"}},"expect":{"outcome":"FRICTION","fired":["failed_logins"],"messages":\
      ["multiple login attempts"],"not_evaluated":[]}}

      {"record":{"activity":{"entity":"ticket"},"durability":"DURABLE"}}
      """)
    var activity = Activity()
    activity.id = "a-r1"
    activity.occurredAt = 999_999_999_000
    activity.entity = "customer"
    activity.action = "login"
    var request = EvaluateRequest()
    request.activity = activity
    request.mode = .check
    let expectation = ExpectedDecision(
      outcome: .friction, fired: ["failed_logins"], messages: ["multiple login attempts"], notEvaluated: [])
    #expect(
      steps.first
        == ReplayStep(line: 1, name: "Third failed login", call: .evaluate(request, expectation)))
    #expect(steps.last?.line == 3)
    #expect(steps.last?.activity.entity == "ticket")
    guard case .record(let record) = steps.last?.call else {
      Issue.record("the second line records")
      return
    }
    #expect(record.durability == .durable)
  }

  @Test(
    "a line that is none is refused with its number and what to do",
    arguments: [
      ("{", "column 2: expected a name in double quotes", nil),
      ("[]", "expected an object", nil),
      ("{}", "the line must hold either evaluate or record", nil),
      (#"{"evaluate":{},"record":{}}"#, "the line must hold either evaluate or record", nil),
      (#"{"evalute":{}}"#, "there is no member evalute", "Did you mean evaluate?"),
      (#"{"x":{}}"#, "there is no member x", "there are name, evaluate, record, expect"),
      (#"{"name":1,"record":{}}"#, "name must be a text", nil),
      (#"{"record":{},"expect":{}}"#, "expect stands beside record", "only evaluate gives a decision"),
      (#"{"record":{"activty":{}}}"#, "there is no field activty", "Did you mean activity?"),
      (#"{"evaluate":{"mode":"RECRD"}}"#, "mode: there is no value RECRD", "Did you mean RECORD?"),
      (#"{"evaluate":{},"expect":{"outcome":"BLOCKED"}}"#, "outcome: there is no value BLOCKED", nil),
      (#"{"evaluate":{},"expect":{"fired":"x"}}"#, "fired must be a list of texts", nil),
      (#"{"evaluate":{},"expect":{"fired":[1]}}"#, "fired must be a text", nil),
      (#"{"evaluate":{},"expect":{"fires":[]}}"#, "there is no member fires", "Did you mean fired?"),
      (#"{"record":{"activity":{"id":"${rum}"}}}"#, "the placeholder ${rum} means nothing", nil),
    ] as [(String, String, String?)])
  func refusals(line: String, message: String, advice: String?) {
    let error = #expect(throws: ReplayFile.LineError.self) { try read("\n" + line) }
    #expect(error?.line == 2)
    #expect(error?.message == message)
    if let advice { #expect(error?.advice == advice) }
  }
}

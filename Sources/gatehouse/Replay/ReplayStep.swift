import GatehouseProtocol

/// One line of a replayed file: what happened, what Gatehouse is asked, and what it should answer.
struct ReplayStep: Sendable, Equatable {
  /// What is asked.
  enum Call: Sendable, Equatable {
    case evaluate(EvaluateRequest, ExpectedDecision?)
    case record(RecordActivityRequest)
  }

  /// Where it stands in the file, from 1.
  let line: Int
  /// What it shows, for people.
  let name: String
  let call: Call

  /// What happened.
  var activity: Activity {
    switch call {
    case .evaluate(let request, _): request.activity ?? Activity()
    case .record(let request): request.activity ?? Activity()
    }
  }
}

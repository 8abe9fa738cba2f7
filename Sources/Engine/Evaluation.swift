import Windows

/// One call on its way through an evaluator: what each stage found and the next ones need.
struct Evaluation: BitwiseCopyable {
  enum State: UInt8 {
    /// On its way.
    case active
    /// Its id is reserved by a call that is not answered yet.
    case waiting
    /// Its answer stands in the answers' scratch.
    case answered
    /// The evaluator's `errors` has why not.
    case refused
  }

  var state = State.active
  var method = EvaluationRequest.Method.evaluate
  /// Leaves a trace; otherwise it only looks.
  var isRecorded = true
  var hasID = false
  /// This call has reserved its id and must answer or release it.
  var isReserved = false
  /// Of `Durability`: what the caller asked for, or the server's default.
  var durability: Int32 = 0
  /// Of the rule set's kinds; below zero nothing wants the activity.
  var kind: Int32 = -1
  /// The activity's own time.
  var time: Int64 = 0
  /// The server's clock when it was recorded.
  var createdAt: Int64 = 0
  var id = Hash128(high: 0, low: 0)
  /// Of the method and the activity's bytes: what "the same content" means.
  var content: UInt64 = 0
  var activity = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Fields 1 to 4 of the decision, in the scratch.
  var verdict = UnsafeRawBufferPointer(start: nil, count: 0)
  var answer = UnsafeRawBufferPointer(start: nil, count: 0)
  var logIndex: UInt64 = 0
  var hasLogIndex = false
}

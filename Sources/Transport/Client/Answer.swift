import Wire

/// One frame that answers a call, where it lies; valid until the callback returns.
@frozen
public struct Answer {
  /// The call's id.
  public let call: UInt32
  /// OK, or why not; OK for an item.
  public let status: StatusCode
  /// Whether it is one item of a stream; otherwise it ends the call.
  public let isItem: Bool
  /// The method's output; with another status than OK a `Status`.
  public let payload: UnsafeRawBufferPointer

  /// The error that it carries; nil when it is OK.
  public var error: RPCError? { status == .ok ? nil : RPCError(status, payload: payload) }
}

/// The answers of one read, in the order in which they came.
@frozen
public struct AnswerBatch {
  @usableFromInline let answers: UnsafeBufferPointer<Answer>

  init(_ answers: UnsafeBufferPointer<Answer>) { self.answers = answers }

  /// How many.
  @inlinable public var count: Int { answers.count }

  /// - Parameter index: 0 to `count` − 1.
  @inlinable
  public subscript(index: Int) -> Answer {
    precondition(index >= 0 && index < answers.count, "no such answer in the batch")
    return answers[index]
  }
}

import Wire

/// The fields of a request that are wrong, all of them; a bounded number is told.
struct FieldViolations {
  private static let maxCount = 16
  private var all: [RPCError.Violation] = []

  mutating func add(_ field: String, _ description: String) {
    if all.count < Self.maxCount { all.append(RPCError.Violation(field: field, description: description)) }
  }

  /// Who asks for a change of the rules, and why.
  mutating func checkSignature(_ author: String, _ comment: String) {
    if author.isEmpty { add("author", "is required: who changes the rules?") }
    check(author, "author", RulesService.maxAuthorBytes)
    check(comment, "comment", RulesService.maxCommentBytes)
  }

  private mutating func check(_ text: String, _ field: String, _ limit: Int) {
    let count = text.utf8.count
    if count > limit { add(field, "has \(count) bytes, at most \(limit)") }
  }

  /// - Throws: INVALID_ARGUMENT with all of them.
  func throwIfAny() throws(RPCError) {
    guard all.isEmpty else {
      throw RPCError(.invalidArgument, "the request is wrong: nothing has changed", violations: all, retry: .never)
    }
  }
}

import Wire

extension RPCError {
  /// What the caller is told when the book takes no entry; nothing was counted unless the log failed in that very
  /// moment.
  public init(_ refusal: BookRefusal) {
    switch refusal {
    case .overloaded:
      self.init(
        .resourceExhausted, "more was recorded than could be written: slow down", retry: .after(milliseconds: 10))
    case .tooLarge:
      self.init(.resourceExhausted, "the record is longer than an entry of the log may be", retry: .never)
    case .noSpace:
      self.init(
        .resourceExhausted, "the disk is full: nothing can be recorded until there is space; CHECK still works",
        retry: .after(milliseconds: 1_000))
    case .failed:
      self.init(.unavailable, "the log has failed: nothing can be recorded until the server is restarted")
    }
  }
}

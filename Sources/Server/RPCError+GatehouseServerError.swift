import Wire

extension RPCError {
  /// What a caller who wanted rules changed is told; nothing has changed unless the log failed at that very moment.
  ///
  /// - Parameter refused: the status for rules that do not compile.
  init(_ error: GatehouseServerError, ofRefusedRules refused: StatusCode) {
    switch error {
    case .stopped: self.init(.unavailable, "\(error)")
    case .notOpen:
      self.init(.unavailable, "\(error): it is replaying its log", retry: .after(milliseconds: 100))
    case .rulesRefused(let compilation):
      self.init(refused, compilation.report(maxBytes: Self.maxMessageBytes), retry: .never)
    case .engine: self.init(refused, "\(error); nothing has changed", retry: .never)
    case .versionNotInForce: self.init(.failedPrecondition, "\(error)", retry: .never)
    case .log(let refusal): self = refusal
    case .rulesUnreadable, .journal, .retentionTooShort, .replay, .transport: self.init(.internal, "\(error)")
    }
  }
}

/// Why an engine cannot serve.
public enum EngineError: Error, Sendable, Hashable {
  /// 1 to 256 shards, not this many: mend the configuration.
  case shardsOutOfRange(Int)
  /// A decision would be this many bytes, more than one answer can hold. The compiler refuses such rules (E0040) before
  /// an engine measures them.
  case decisionsTooLarge(Int)
  /// Other rules came into force while the state was copied: copy it anew.
  case rulesChanged
  /// A piece of state that cannot be taken in, and why: fall back on the log.
  case badPiece(String)
}

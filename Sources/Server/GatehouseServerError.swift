import Engine
import Journal
import Rules
import Transport
import Wire

/// Why a server did not start, or why it keeps the rules it has.
public enum GatehouseServerError: Error {
  /// The rules file cannot be read.
  case rulesUnreadable(path: String, reason: String)
  /// The rules file has errors: show the diagnostics, mend the file.
  case rulesRefused(Compilation)
  /// The rules are right but more than the engine can serve.
  case engine(any Error)
  /// The log is still being replayed: try again when the server serves.
  case notOpen
  /// Another version is in force than the one that the change was meant for: look at what it is, and ask again.
  case versionNotInForce(expected: String, inForce: String)
  /// It was told to stop while it was starting.
  case stopped
  /// Entries would be removed that windows and remembered ids still need: keep them at least so long.
  case retentionTooShort(milliseconds: Int64, needed: Int64)
  /// The log does not take an entry of the server's own.
  case log(RPCError)
  /// The data directory cannot be used.
  case journal(JournalError)
  /// An entry of the log is not of this contract: the log was written by something else.
  case replay(index: UInt64, reason: String)
  /// An address cannot be listened on.
  case transport(TransportError)
}

extension GatehouseServerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rulesUnreadable(let path, let reason): "the rules file \(path) cannot be read: \(reason)"
    case .rulesRefused(let compilation):
      compilation.diagnostics.map { $0.rendered(in: compilation.file) }.joined(separator: "\n")
    case .engine(let error): "the rules cannot be served: \(error)"
    case .notOpen: "the server does not serve yet"
    case .versionNotInForce(let expected, let inForce):
      "version \(expected) is not in force, \(inForce) is; nothing has changed"
    case .stopped: "the server was told to stop before it was open"
    case .retentionTooShort(let milliseconds, let needed):
      "the log cannot be kept for \(Duration.milliseconds(milliseconds)) only: the rules' windows with the lateness allowed, and "
        + "remembered ids, need \(Duration.milliseconds(needed))"
    case .log(let error): "the log does not take the change: \(error)"
    case .journal(let error): "the data directory cannot be used: \(error)"
    case .replay(let index, let reason): "entry \(index) of the log cannot be replayed: \(reason)"
    case .transport(let error): "\(error)"
    }
  }
}

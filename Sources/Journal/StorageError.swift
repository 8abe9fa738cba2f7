import Glibc

/// A system call that failed. What to do next is in `code`.
public struct StorageError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// No space or quota is left (`ENOSPC`, `EDQUOT`), or no descriptor (`EMFILE`, `ENFILE`): free some and try again.
    case noSpace
    /// There is no such file (`ENOENT`).
    case notFound
    /// The file was to be new and is there (`EEXIST`).
    case exists
    /// Another process holds the lock (`EWOULDBLOCK`).
    case locked
    /// Anything else, `EIO` above all: trust nothing that this file was told and not yet proved to hold.
    case failed
  }

  /// The C function that failed.
  public let function: String
  public let path: String
  /// Its `errno`.
  public let number: Int32

  public init(function: String, path: String, number: Int32) {
    self.function = function
    self.path = path
    self.number = number
  }

  public var code: Code {
    switch number {
    case ENOSPC, EDQUOT, EMFILE, ENFILE: .noSpace
    case ENOENT: .notFound
    case EEXIST: .exists
    case EWOULDBLOCK: .locked
    default: .failed
    }
  }

  public var description: String { "\(function) \(path.isEmpty ? "." : path): \(String(cString: strerror(number)))" }
}

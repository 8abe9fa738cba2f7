/// Why the journal cannot do what it was asked. The code tells the caller what to do next.
public struct JournalError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// A system call failed; see `cause`. Reopen the directory when the storage is well again.
    case storage
    /// Bytes are not what was written, and no crash explains it; see `damage`. Restore from a copy; never continue.
    case damaged
    /// Another process writes this directory; the message names it. Stop one of the two.
    case locked
    /// The directory was written by a newer version. Upgrade.
    case unsupported
    /// The signing key is unusable: malformed, or readable by others.
    case key
    /// A checkpoint, tile, note or proof contradicts the log or is malformed. Evidence: keep it.
    case checkpoint
    /// No such entry (yet).
    case notFound
    /// Retention has removed the entry; its hash remains.
    case removed
    /// The caller asked for something impossible, such as a proof for a tree larger than the log.
    case invalidArgument
  }

  public let code: Code
  public let message: String
  public let cause: StorageError?
  public let damage: JournalDamage?

  public init(_ code: Code, _ message: String, cause: StorageError? = nil, damage: JournalDamage? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
    self.damage = damage
  }

  init(_ cause: StorageError) { self.init(.storage, cause.description, cause: cause) }

  init(_ damage: JournalDamage) { self.init(.damaged, damage.description, damage: damage) }

  public var description: String { message }
}

/// Where bytes are not what was written.
public struct JournalDamage: Equatable, Sendable, CustomStringConvertible {
  public let file: String
  /// Of the batch or header that fails, in bytes from the start of the file.
  public let offset: UInt64
  /// Of the first entry that is therefore missing.
  public let index: UInt64
  public let reason: String

  public var description: String { "\(file): damaged at offset \(offset), entry \(index): \(reason)" }
}

/// Runs `body`, wrapping what the storage throws.
func storing<T>(_ body: () throws(StorageError) -> T) throws(JournalError) -> T {
  do { return try body() } catch { throw JournalError(error) }
}

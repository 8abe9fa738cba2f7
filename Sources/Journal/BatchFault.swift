/// Why bytes are not a header or a batch.
enum BatchFault: Error, Equatable {
  /// The file ends inside it.
  case short
  case header(String)
  case payload(String)
  /// A whole and valid batch that does not belong here.
  case index(expected: UInt64, found: UInt64)
  /// Written by a newer version.
  case unsupported(String)
  case storage(StorageError)
  /// Whole, valid, and not what the tree says.
  case wrong(JournalError)

  /// Whether bytes themselves are wrong, rather than their meaning, place or reading.
  var isOfBytes: Bool {
    switch self {
    case .short, .header, .payload: true
    case .index, .unsupported, .storage, .wrong: false
    }
  }

  var reason: String {
    switch self {
    case .short: "the file ends inside it"
    case .header(let what): "header: \(what)"
    case .payload(let what): "payload: \(what)"
    case .index(let expected, let found): "entry \(expected) expected, batch begins with \(found)"
    case .unsupported(let what): "written by a newer version: \(what)"
    case .storage(let error): error.description
    case .wrong(let error): error.description
    }
  }

  /// The error for a reader to whom no crash explains this fault.
  func error(file: String, offset: UInt64, index: UInt64) -> JournalError {
    switch self {
    case .storage(let error): JournalError(error)
    case .wrong(let error): error
    case .unsupported: JournalError(.unsupported, "\(file): \(reason)")
    default: JournalError(JournalDamage(file: file, offset: offset, index: index, reason: reason))
    }
  }
}

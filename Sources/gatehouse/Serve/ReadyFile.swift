import Foundation

/// A file that tells scripts that a server is ready, and where: its addresses, one a line, the first first.
///
/// It appears whole, by rename(2): whoever sees it can read all of it. It stays when the server ends, for a server that
/// was killed could not remove it either; a script removes it before it starts a server.
struct ReadyFile: Sendable {
  let path: String

  func write(_ addresses: [String]) throws(CommandFailure) {
    do {
      let text = addresses.map { $0 + "\n" }.joined()
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure("the ready file \(path) cannot be written: \(error)")
    }
  }
}

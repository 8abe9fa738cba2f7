import Arguments
import Glibc
import Synchronization

/// Where a command's words go: data to standard output, messages to standard error, so that a pipe gets only data.
///
/// Every line is written at once, without a buffer, so that a reader at the end of a pipe sees it as soon as it is there.
final class Console: Sendable {
  /// How data is dressed for people, on standard output.
  let data: Style
  /// How messages are dressed, on standard error.
  let messages: Style
  /// Columns that help may fill: the terminal's, within reason; 80 when there is none.
  let width: Int
  /// The error that ended standard output, if one did; nothing is written after it.
  private let outputError = Mutex<Int32?>(nil)

  init(environment: [String: String]) {
    data = Style(isTerminal: isatty(STDOUT_FILENO) == 1, environment: environment)
    messages = Style(isTerminal: isatty(STDERR_FILENO) == 1, environment: environment)
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = isKnown ? min(max(Int(size.ws_col), 40), 120) : 80
  }

  /// Prints a line of data.
  ///
  /// - Throws: `CommandFailure` when nobody reads any more or the disk is full. A reader that has gone, as `head` does
  ///   once it has enough, is no failure: the command stops with success, as the shell's own do not count it either.
  func print(_ line: String) throws(CommandFailure) {
    let error = outputError.withLock { earlier -> Int32? in
      if earlier == nil { earlier = write(line + "\n", to: STDOUT_FILENO) }
      return earlier
    }
    switch error {
    case nil: return
    case EPIPE?: throw CommandFailure("standard output was closed", exitCode: .ok)
    case let error?: throw CommandFailure("standard output: \(String(cString: strerror(error)))")
    }
  }

  /// Prints lines of data.
  func print(_ lines: some Sequence<String>) throws(CommandFailure) {
    for line in lines { try print(line) }
  }

  /// Prints a message. Where messages cannot be written there is nobody to tell, so a failure is passed over.
  func say(_ line: String) {
    _ = write(line + "\n", to: STDERR_FILENO)
  }

  /// Writes over the last line of messages, on a terminal only; what `say` prints next takes its place.
  func overwrite(_ line: String) {
    // ECMA-48: to the line's beginning, and erase it.
    _ = write("\r\u{1B}[K" + line, to: STDERR_FILENO)
  }

  /// write(2) until all is written; the errno that stopped it.
  private func write(_ text: String, to descriptor: Int32) -> Int32? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}

@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Signals as values in the order in which they came, in place of what they would do to the process.
///
/// The self-pipe: a handler does what signal-safety(7) allows, which is to write the signal's number into a pipe; Dispatch
/// reads it from there. (A Dispatch signal source loses signals on Linux: it reads a signalfd(2), which sees only what
/// every thread blocks, and the main thread does not.)
enum SignalStream {
  /// How many signals wait to be taken; further ones are dropped, for they would say nothing new.
  static let maximumWaiting = 16

  /// The signals from its return on, until the next call of it. Those of these kinds no longer end the process, even after
  /// the stream has ended: the pipe stays open as long as the process, for a handler may run at any time.
  ///
  /// - Throws: `CommandFailure` when the system is out of descriptors.
  static func make(_ numbers: [Int32]) throws(CommandFailure) -> AsyncStream<Int32> {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw CommandFailure("no pipe for signals: \(String(cString: strerror(errno)))")
    }
    // A full pipe must not hold up a handler, nor an empty one the reader. These calls cannot fail on an open pipe.
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    let readEnd = ends[0]
    writeEnd.store(ends[1], ordering: .releasing)
    let (stream, continuation) = AsyncStream.makeStream(
      of: Int32.self, bufferingPolicy: .bufferingOldest(maximumWaiting))
    let source = DispatchSource.makeReadSource(
      fileDescriptor: readEnd, queue: DispatchQueue(label: "gatehouse.signals"))
    source.setEventHandler {
      var bytes = [UInt8](repeating: 0, count: maximumWaiting)
      let count = read(readEnd, &bytes, bytes.count)
      for byte in bytes.prefix(max(count, 0)) { continuation.yield(Int32(byte)) }
    }
    source.activate()
    continuation.onTermination = { _ in source.cancel() }
    for number in numbers { catchSignal(number) }
    return stream
  }

  private static func catchSignal(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      // The interrupted code must find its errno as it was.
      let interrupted = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(writeEnd.load(ordering: .acquiring), &byte, 1)
      errno = interrupted
    }
    action.sa_flags = Int32(SA_RESTART)
    _ = sigaction(number, &action, nil)
  }
}

/// Where the handler writes; stored before the first handler is installed, so that no handler runs its initialiser.
private let writeEnd = Atomic<Int32>(-1)

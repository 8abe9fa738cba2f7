@preconcurrency import Dispatch
import Glibc

/// Signals as values in the order in which they came, in place of what they would do to the process.
///
/// Of several of one kind that come before they are taken, signal(7) allows the system to show one.
enum SignalStream {
  /// How many signals wait to be taken; further ones are dropped, for they would say nothing new.
  static let maximumWaiting = 16

  /// The signals from now on. Those of these kinds no longer end the process, even after the stream has ended.
  static func make(_ numbers: [Int32]) -> AsyncStream<Int32> {
    AsyncStream(bufferingPolicy: .bufferingOldest(maximumWaiting)) { continuation in
      let queue = DispatchQueue(label: "gatehouse.signals")
      let sources = numbers.map { number in
        // The source sees a signal only if nobody else takes it.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { continuation.yield(number) }
        source.activate()
        return source
      }
      continuation.onTermination = { _ in
        for source in sources { source.cancel() }
      }
    }
  }
}

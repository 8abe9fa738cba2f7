import Synchronization
import Wire

/// One call under way: the machine that decides, and what the decisions need. `Channel` acts on them.
final class Call: Sendable {
  /// What is asked, how, and until when.
  struct Request: Sendable {
    let method: UInt16
    /// Carrying it out twice is the same as once.
    let isIdempotent: Bool
    let whenDisconnected: Disconnected
    let retry: RetryPolicy
    /// When it must be over, in monotonic nanoseconds; `.max` for a stream without an end.
    let deadline: Int64
    let payload: [UInt8]
    /// Takes the items of a stream, each valid only meanwhile.
    var receiveItem: (@Sendable (UnsafeRawBufferPointer) -> Void)?

    var isStream: Bool { receiveItem != nil }

    /// What is left of the deadline, in nanoseconds; `.max` if there is none.
    func timeLeft(at now: Int64) -> Int64 { deadline == .max ? .max : deadline - now }
  }

  /// Receives the answer's bytes, valid only meanwhile, or the failure. Runs once, on any thread, and must not block.
  typealias Completion = @Sendable (Result<UnsafeRawBufferPointer, GatehouseError>) -> Void

  struct State: ~Copyable {
    var machine = CallMachine()
    var completion: Completion?
    var deadlineTimer: CallTimers.Handle?
    var retryTimer: CallTimers.Handle?
    /// Its place among those that wait for a connection.
    var ticket: UInt64?
    /// Where it was sent last, as what, and when.
    var connection: PooledConnection?
    var wireID: UInt32?
    var sentAt: Int64 = 0
  }

  let request: Request
  let channel: Channel
  let state = Mutex(State())

  init(_ request: Request, on channel: Channel) {
    self.request = request
    self.channel = channel
  }

  /// Begins; once.
  func begin(_ completion: @escaping Completion) { channel.begin(self, completion) }

  /// Ends it with CANCELLED, now or as soon as it begins, and tells the server.
  func cancel() { channel.cancel(self) }

  /// Lets the server send more items of a stream.
  func grant(_ items: UInt32) { channel.grant(self, items) }

  func timeIsUp() { channel.timeIsUp(self) }
  func waitIsOver() { channel.waitIsOver(self) }
}

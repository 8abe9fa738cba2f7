import Wire

/// One connection's shell on its I/O queue: the socket, the machine, and what waits to be read whole or to be written.
///
/// Touched on its I/O queue only. While idle it owns no buffer.
final class ServerConnection {
  /// A call that runs as a task.
  struct RunningCall {
    let task: Task<Void, Never>
    /// Nil for a unary call.
    let stream: OutgoingStream?
    /// How a stream's handler ended, kept until its last item has left.
    var outcome: Result<[UInt8], RPCError>?
  }

  let socket: Socket
  let key: ConnectionKey
  var machine: ServerConnectionMachine
  /// Where it is read to.
  var input = InputBuffer()
  /// It may hold whole frames: those of a read beyond one turn's share. It is not read before they are taken.
  var hasFramesAside = false
  /// In one of the queue's lists of connections whose turn will come.
  var isAside = false
  /// What the queue's sum counts for `input`.
  var unfinishedBytes = 0
  /// Answers that the socket did not take, and frames off the hot path on their way.
  var outgoing = ByteStore()
  /// What the queue's sum counts for `outgoing`.
  var countedUnreadBytes = 0
  var calls: [UInt32: RunningCall] = [:]
  var agent = ""
  /// The longest payload that the peer takes.
  var peerMaxPayloadBytes = ServerLimits().maxPayloadBytes

  /// What the epoll set watches for.
  var interest: EpollEvents = .readable
  /// The socket took less than it was offered; it tells when it takes more.
  var isBlocked = false
  /// Not read, because the peer does not read.
  var isPaused = false
  /// The peer's end was read.
  var hasPeerEnded = false
  /// In the queue's list of connections to flush at the round's end.
  var isDirty = false
  /// The descriptor is closed; the slot is freed at the round's end.
  var isGone = false
  /// The chain of deferred replies of one delivery: indices, −1 for none.
  var firstReply = -1
  var lastReply = -1

  init(socket: Socket, key: ConnectionKey, machine: ServerConnectionMachine) {
    self.socket = socket
    self.key = key
    self.machine = machine
  }

  /// What the epoll set should watch for now.
  var wantedInterest: EpollEvents {
    var events: EpollEvents = []
    if !hasPeerEnded && (!isPaused || machine.state == .closing) { events.insert(.readable) }
    if isBlocked { events.insert(.writable) }
    return events
  }
}

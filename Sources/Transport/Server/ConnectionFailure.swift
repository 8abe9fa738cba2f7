import Wire

/// Why a server ends a connection, other than by an orderly drain.
enum ConnectionFailure: Sendable, Hashable {
  /// Not this protocol: `verdict` chooses the words that such a peer can read.
  case opening(Opening.Verdict)
  /// Bytes that are no frame.
  case frame(FrameError)
  /// A frame that only servers send.
  case wrongSide(FrameKind)
  /// Another frame before HELLO, or HELLO twice.
  case helloMissing
  case helloRepeated
  /// HELLO's payload cannot be read, or accepts less than the protocol needs.
  case helloMalformed
  case payloadLimitTooLow(UInt32)
  /// No common version of the frame protocol.
  case protocolVersion(UInt32)
  /// The id of a REQUEST is not above all before.
  case callNotRising(call: UInt32, last: UInt32)
  /// A stream's credit above 2³¹ − 1.
  case creditOverflow(call: UInt32)
  case pingFlood
  case cancelFlood
  /// Timeouts.
  case handshakeTimeout
  case slowFrame
  case stalledWrite
  case keepaliveTimeout
  case idle
  /// Limits of the server as a whole.
  case unfinishedBytes
  case tooManyConnections
  case outOfDescriptors
  /// The server's time to drain is over.
  case drainTimeout
}

extension ConnectionFailure {
  /// The GO_AWAY that tells the peer; nil when the connection is closed without one, because the peer does not speak
  /// this protocol or does not read.
  var goAway: RPCError? {
    switch self {
    case .opening(.otherVersion), .protocolVersion:
      RPCError(.failedPrecondition, "\(self)")
    case .opening, .stalledWrite, .keepaliveTimeout: nil
    case .handshakeTimeout, .slowFrame: RPCError(.deadlineExceeded, "\(self)")
    case .frame(let error): RPCError(error.code, "\(error)")
    case .pingFlood, .cancelFlood, .unfinishedBytes: RPCError(.resourceExhausted, "\(self)")
    case .tooManyConnections, .outOfDescriptors, .drainTimeout:
      RPCError(.unavailable, "\(self)", retry: .after(milliseconds: 1000))
    case .idle: RPCError(.ok, "\(self)")
    default: RPCError(.invalidArgument, "\(self)")
    }
  }
}

extension ConnectionFailure: CustomStringConvertible {
  var description: String {
    switch self {
    case .opening(.otherVersion(let version)): "opening version \(version) is not spoken here; 1 is"
    case .opening: "this port speaks Gatehouse's binary protocol, version 1"
    case .frame(let error): "\(error)"
    case .wrongSide(let kind): "a \(kind) frame is not a client's to send"
    case .helloMissing: "the first frame must be HELLO"
    case .helloRepeated: "HELLO was sent twice"
    case .helloMalformed: "HELLO's payload is malformed"
    case .payloadLimitTooLow(let limit):
      "HELLO accepts payloads of \(limit) bytes; at least \(PeerHello.lowestMaxPayloadBytes) are needed"
    case .protocolVersion(let version):
      "protocol version \(version) is not spoken here; 1 to \(Opening.protocolVersion) are"
    case .callNotRising(let call, let last): "call id \(call) is not above \(last)"
    case .creditOverflow(let call): "the credit of call \(call) is above 2147483647"
    case .pingFlood: "too_many_pings"
    case .cancelFlood: "more CANCELs than calls"
    case .handshakeTimeout: "magic and HELLO took too long"
    case .slowFrame: "a frame was begun and not finished in time"
    case .stalledWrite: "answers were not read in time"
    case .keepaliveTimeout: "no sign of life"
    case .idle: "idle for too long"
    case .unfinishedBytes: "too many bytes of unfinished frames"
    case .tooManyConnections: "too many connections"
    case .outOfDescriptors: "the server is out of descriptors"
    case .drainTimeout: "the server is shutting down and its time is over"
    }
  }
}

import Wire

/// One connection as the client sees it: frame headers and times in, actions out; no I/O, no clock, no payloads.
///
/// ```
/// connecting ─connected─▶ awaitingMagic ─magic─▶ awaitingHello ─HELLO─▶ ready ─GO_AWAY─▶ draining
///      └──────────────────────┴───────────────────────┴──────────────────┴── failure, end ──┴─▶ closed
/// ```
/// Which calls are open is not its business: `CallTable` knows.
struct ClientConnectionMachine {
  /// Where the connection stands.
  enum State: Sendable, Hashable {
    /// The socket is not connected. → `awaitingMagic`, `closed`.
    case connecting
    /// Magic and HELLO are sent. → `awaitingHello`, `closed`.
    case awaitingMagic
    /// The server's magic came. → `ready` by HELLO, `draining` by GO_AWAY, `closed`.
    case awaitingHello
    /// Calls may be sent. → `draining`, `closed`.
    case ready
    /// The server answers no call above the last it named. → `closed`.
    case draining
    /// Nothing more comes or goes.
    case closed
  }

  /// What to do after a frame.
  enum Action: Sendable, Hashable {
    /// Nothing.
    case ignore
    /// A call's answer, or an item of its stream.
    case answer
    /// Read the HELLO.
    case hello
    /// Answer with a PONG.
    case pong
    /// Calls above the id in the header were never begun; `code` says why.
    case goAway(StatusCode)
    /// The peer does not speak the protocol: close.
    case fail(Failure)
  }

  /// How the server broke the protocol, or the time.
  enum Failure: Sendable, Hashable {
    case frame(FrameError)
    case wrongSide(FrameKind)
    case helloMissing
    case helloRepeated
    case helloMalformed
    case protocolVersion(UInt32)
    case notTheProtocol
    case connectTimeout
    case keepaliveTimeout
  }

  /// What a time that has come asks for.
  enum TimerAction: Sendable, Hashable {
    case none
    case ping
    case fail(Failure)
  }

  private(set) var state = State.connecting
  private let keepaliveInterval: UInt64
  private let keepaliveTimeout: UInt64
  private let connectDeadline: UInt64
  private var receivedAt: UInt64
  private var pingSentAt: UInt64?

  init(options: ClientOptions, now: UInt64) {
    keepaliveInterval = options.keepaliveInterval.nanoseconds
    keepaliveTimeout = options.keepaliveTimeout.nanoseconds
    connectDeadline = now + options.connectTimeout.nanoseconds
    receivedAt = now
  }

  /// Whether frames are to be read.
  @inline(__always)
  var takesFrames: Bool { state == .awaitingHello || state == .ready || state == .draining }

  // MARK: Frames

  /// What to do with a frame whose header is `header`.
  @inline(__always)
  mutating func receive(_ header: FrameHeader) -> Action {
    if state == .ready, header.rawKind == FrameKind.response.rawValue, header.flags == 0, header.method == 0,
      header.call != 0, header.value <= StatusCode.highest
    {
      return .answer
    }
    return receiveUncommon(header)
  }

  @inline(never)
  private mutating func receiveUncommon(_ header: FrameHeader) -> Action {
    if let violation = header.violation { return .fail(.frame(violation)) }
    guard let kind = header.kind else { return .fail(.frame(.unknownKind(header.rawKind))) }
    switch (kind, state) {
    case (_, .closed): return .ignore
    case (.goAway, _):
      state = .draining
      return .goAway(StatusCode(exactly: header.value) ?? .unknown)
    case (.hello, .awaitingHello): return .hello
    case (_, .awaitingHello): return .fail(.helloMissing)
    case (.hello, _): return .fail(.helloRepeated)
    case (.response, _), (.item, _): return .answer
    case (.ping, _): return .pong
    case (.pong, _): return .ignore
    case (.request, _), (.credit, _), (.cancel, _): return .fail(.wrongSide(kind))
    }
  }

  // MARK: Steps

  /// The socket is connected; magic and HELLO leave now.
  mutating func connected() {
    if state == .connecting { state = .awaitingMagic }
  }

  /// The server's first bytes are the magic.
  mutating func acceptMagic() {
    if state == .awaitingMagic { state = .awaitingHello }
  }

  /// The server's HELLO was understood.
  mutating func acceptHello(_ hello: PeerHello) -> Action {
    guard hello.protocolVersion >= Opening.lowestProtocolVersion else {
      return .fail(.protocolVersion(hello.protocolVersion))
    }
    if state == .awaitingHello { state = .ready }
    return .ignore
  }

  /// Bytes came.
  mutating func noteReceived(now: UInt64) {
    receivedAt = now
    pingSentAt = nil
  }

  mutating func close() { state = .closed }

  // MARK: Times

  /// When `timerFired` is due at the latest.
  var nextDeadline: UInt64 {
    switch state {
    case .connecting, .awaitingMagic, .awaitingHello: connectDeadline
    case .ready, .draining: pingSentAt.map { $0 + keepaliveTimeout } ?? (receivedAt + keepaliveInterval)
    case .closed: .max
    }
  }

  /// The time is `now`.
  mutating func timerFired(now: UInt64) -> TimerAction {
    guard now >= nextDeadline else { return .none }
    switch state {
    case .connecting, .awaitingMagic, .awaitingHello: return .fail(.connectTimeout)
    case .closed: return .none
    case .ready, .draining:
      if pingSentAt != nil { return .fail(.keepaliveTimeout) }
      pingSentAt = now
      return .ping
    }
  }
}

extension StatusCode {
  /// The highest number of a code.
  static let highest: UInt32 = 16
}

import Wire

/// One connection as the server sees it: frame headers and times in, actions out; no I/O, no clock, no payloads.
///
/// ```
/// opening ─magic, HELLO─▶ ready ─GO_AWAY sent or received, peer's end─▶ draining ─last answer─▶ closing
///    └───────────────────────┴───────────────── failure ──────────────────┴──────────────────────▲
/// ```
/// Costs a few nanoseconds for a REQUEST, which is all that is sent by the million. Not for use by more than one
/// thread at a time.
///
/// Invariants, `checkInvariants`: open calls are among those in flight; none are above the last id; `closing` has none
/// open.
struct ServerConnectionMachine {
  /// Where the connection stands.
  enum State: Sendable, Hashable {
    /// Nothing came yet. → `awaitingHello` by the magic, `closing` by anything else or by time.
    case awaitingMagic
    /// The magic came. → `ready` by HELLO, `closing` by anything else or by time.
    case awaitingHello
    /// Calls are taken. → `draining` by GO_AWAY from either side or the peer's end; `closing` by failure or idleness.
    case ready
    /// Calls that were accepted are answered, later ones are not begun. → `closing` when none is left.
    case draining
    /// Nothing more is taken or answered; last words are flushed until the peer's end or `closeTimeout`.
    case closing
  }

  /// A call that runs as a task.
  struct OpenCall: Sendable, Hashable {
    /// Items that may still be sent; nil for a unary call.
    var credit: UInt32?
    /// When it is over, in monotonic nanoseconds; `.max` when it has all the time there is.
    let deadline: UInt64
  }

  /// Times of the limits in nanoseconds, computed once.
  let limits: Limits
  private(set) var state: State
  /// The highest call id accepted.
  private(set) var lastCall: UInt32 = 0
  /// Calls accepted and not yet answered, of every kind.
  private(set) var inFlight = 0
  /// Those of them that run as tasks.
  private(set) var openCalls: [UInt32: OpenCall] = [:]
  var flood: FloodGuard
  var times: Times

  /// The credit a stream starts with.
  static let initialCredit: UInt32 = 16
  /// The most credit a stream may have.
  static let maxCredit: UInt32 = 0x7FFF_FFFF

  init(limits: Limits, now: UInt64) {
    self.limits = limits
    state = .awaitingMagic
    flood = FloodGuard(maxPingBurst: limits.maxPingBurst, maxSurplusCancels: limits.maxSurplusCancels)
    times = Times(now: now)
  }

  /// The longest payload taken now.
  @inline(__always)
  var maxPayloadBytes: Int { state == .awaitingHello ? PeerHello.maxByteCount : limits.maxPayloadBytes }

  /// Whether frames are to be read at all.
  @inline(__always)
  var takesFrames: Bool { state != .closing && state != .awaitingMagic }

  /// Whether every accepted call is answered and no other will be.
  @inline(__always)
  var isFinished: Bool { state == .draining && inFlight == 0 }

  // MARK: Frames

  /// What to do with a frame whose header is `header`.
  @inline(__always)
  mutating func receive(_ header: FrameHeader, now: UInt64) -> ServerAction {
    if state == .ready, header.rawKind == FrameKind.request.rawValue, header.flags == 0, header.call > lastCall {
      lastCall = header.call
      if inFlight >= limits.maxCallsInFlight { return .refuse }
      inFlight &+= 1
      return .dispatch
    }
    return receiveUncommon(header, now: now)
  }

  @inline(never)
  private mutating func receiveUncommon(_ header: FrameHeader, now: UInt64) -> ServerAction {
    if state == .closing { return .ignore }
    if let violation = header.violation { return .fail(.frame(violation)) }
    guard let kind = header.kind else { return .fail(.frame(.unknownKind(header.rawKind))) }
    if state == .awaitingHello { return kind == .hello ? .hello : .fail(.helloMissing) }
    switch kind {
    case .hello: return .fail(.helloRepeated)
    case .request: return receiveRequest(header)
    case .response, .item: return .fail(.wrongSide(kind))
    case .credit: return grant(header.value, to: header.call)
    case .cancel: return cancel(header.call)
    case .ping: return flood.allowsPing(lastCall: lastCall, now: now) ? .pong : .fail(.pingFlood)
    case .pong: return .ignore
    case .goAway: return drain()
    }
  }

  /// A REQUEST off the hot path: out of order, or behind GO_AWAY.
  private mutating func receiveRequest(_ header: FrameHeader) -> ServerAction {
    guard header.call > lastCall else { return .fail(.callNotRising(call: header.call, last: lastCall)) }
    // Behind GO_AWAY: the peer knows from the id in it that this call was never begun.
    return .ignore
  }

  private mutating func grant(_ items: UInt32, to call: UInt32) -> ServerAction {
    guard let credit = openCalls[call]?.credit else { return .ignore }
    guard items <= Self.maxCredit - credit else { return .fail(.creditOverflow(call: call)) }
    openCalls[call]?.credit = credit + items
    return .granted
  }

  private mutating func cancel(_ call: UInt32) -> ServerAction {
    guard flood.allowsCancel(lastCall: lastCall) else { return .fail(.cancelFlood) }
    return openCalls[call] == nil ? .ignore : .cancel
  }

  /// Stops taking calls. `.finish` when none is open, otherwise the last answer finishes.
  mutating func drain() -> ServerAction {
    switch state {
    case .awaitingMagic, .awaitingHello, .ready:
      state = .draining
      return inFlight == 0 ? .finish : .ignore
    case .draining, .closing: return .ignore
    }
  }

  // MARK: Steps

  /// The magic came.
  mutating func acceptMagic() {
    if state == .awaitingMagic { state = .awaitingHello }
  }

  /// HELLO came and was understood.
  mutating func acceptHello(_ hello: PeerHello, now: UInt64) -> ServerAction {
    guard hello.protocolVersion >= Opening.lowestProtocolVersion else {
      return .fail(.protocolVersion(hello.protocolVersion))
    }
    guard hello.maxPayloadBytes == 0 || hello.maxPayloadBytes >= UInt32(PeerHello.lowestMaxPayloadBytes) else {
      return .fail(.payloadLimitTooLow(hello.maxPayloadBytes))
    }
    if state == .awaitingHello { state = .ready }
    times.lastCallAt = now
    return .ignore
  }

  /// The dispatched call runs as a task from now on.
  mutating func open(_ call: UInt32, isStream: Bool, deadline: UInt64) {
    openCalls[call] = OpenCall(credit: isStream ? Self.initialCredit : nil, deadline: deadline)
  }

  /// Uses one credit of a stream; false when it has none.
  mutating func takeCredit(_ call: UInt32) -> Bool {
    guard let credit = openCalls[call]?.credit, credit > 0 else { return false }
    openCalls[call]?.credit = credit - 1
    return true
  }

  /// A task's call is answered; false when it was over already.
  mutating func close(_ call: UInt32) -> Bool {
    guard openCalls.removeValue(forKey: call) != nil else { return false }
    inFlight -= 1
    return true
  }

  /// As many calls that did not run as tasks are answered.
  @inline(__always)
  mutating func answered(_ count: Int) { inFlight &-= count }

  /// Ends the connection: last words, then nothing. Open calls are forgotten.
  mutating func beginClosing(now: UInt64) {
    guard state != .closing else { return }
    state = .closing
    openCalls.removeAll()
    times.closingSince = now
  }

  /// What must hold after every step.
  var invariantViolation: String? {
    if inFlight < 0 { return "calls in flight: \(inFlight)" }
    if state == .closing { return openCalls.isEmpty ? nil : "a call is open on a closing connection" }
    if openCalls.count > inFlight { return "more open calls than calls in flight" }
    if inFlight > limits.maxCallsInFlight { return "more calls in flight than allowed" }
    return openCalls.keys.allSatisfy { $0 <= lastCall } ? nil : "an open call is above the last id"
  }
}

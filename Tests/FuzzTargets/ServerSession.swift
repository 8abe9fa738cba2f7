import Wire

@testable import Transport

/// A connection without its socket: what a server does with bytes, and with methods 1 (answered at once), 2 (a task),
/// 3 (a stream) and others (unknown).
final class ServerSession: FrameTaker {
  /// What a frame led to.
  struct Step: Hashable {
    let header: FrameHeader
    let payload: [UInt8]
    let action: ServerAction
    let state: ServerConnectionMachine.State
  }

  private var machine: ServerConnectionMachine
  private(set) var steps: [Step] = []
  private static let now: UInt64 = 1_000_000_000_000
  private static let step: UInt64 = 700_000_000

  init() {
    var limits = ServerLimits()
    (limits.maxPayloadBytes, limits.maxCallsInFlight) = (65_536, 8)
    (limits.maxPingBurst, limits.maxSurplusCancels) = (4, 4)
    machine = ServerConnectionMachine(limits: ServerConnectionMachine.Limits(limits), now: Self.now)
  }

  var maxPayloadBytes: Int { machine.maxPayloadBytes }

  func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    if machine.state == .awaitingMagic {
      guard let verdict = Opening.verdict(bytes) else { return 0 }
      guard verdict == .magic else {
        fail(.opening(verdict))
        return bytes.count
      }
      machine.acceptMagic()
      offset = Opening.magic.count
    }
    while machine.takesFrames {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      do throws(FrameError) {
        guard let frame = try Frame.split(rest, maxPayloadBytes: machine.maxPayloadBytes) else { return offset }
        offset += frame.byteCount
        take(frame)
      } catch {
        fail(.frame(error))
      }
    }
    return bytes.count
  }

  private func take(_ frame: Frame) {
    let action = machine.receive(frame.header, now: Self.now)
    switch action {
    case .dispatch: start(frame.header)
    case .cancel: require(machine.close(frame.header.call), "what was cancelled was not open")
    // Three items leave, as far as the credit goes.
    case .granted: for _ in 0..<3 { _ = machine.takeCredit(frame.header.call) }
    case .hello: hello(frame.payload)
    case .finish: machine.beginClosing(now: Self.now)
    case .fail(let failure): fail(failure)
    case .ignore, .refuse, .pong: break
    }
    steps.append(Step(header: frame.header, payload: Array(frame.payload), action: action, state: machine.state))
    checkInvariants()
  }

  private func start(_ header: FrameHeader) {
    switch header.method {
    case 2, 3:
      let deadline = header.value == 0 ? .max : Self.now + UInt64(header.value) * 1_000
      machine.open(header.call, isStream: header.method == 3, deadline: deadline)
    default: machine.answered(1)
    }
  }

  private func hello(_ payload: UnsafeRawBufferPointer) {
    guard let hello = try? PeerHello(payload: payload) else { return fail(.helloMalformed) }
    if case .fail(let failure) = machine.acceptHello(hello, now: Self.now) { fail(failure) }
  }

  /// Ends the connection with last words.
  private func fail(_ failure: ConnectionFailure) {
    let words = LastWords.bytes(for: failure, state: machine.state, lastCall: machine.lastCall)
    require(!words.isEmpty, "the peer is not told why")
    machine.beginClosing(now: Self.now)
    checkInvariants()
  }

  /// Lets time pass until nothing more is due: every connection ends at last.
  func end() {
    var now = Self.now
    var rounds = 0
    while machine.state != .closing {
      now = max(now + Self.step, machine.nextDeadline)
      rounds += 1
      require(rounds < 1_000, "the connection never ends")
      switch machine.timerFired(now: now) {
      case .expire(let calls): for call in calls { require(machine.close(call), "an expired call was not open") }
      case .fail, .close: machine.beginClosing(now: now)
      case .ping, .none: break
      }
      if machine.isFinished { machine.beginClosing(now: now) }
      checkInvariants()
    }
  }

  private func checkInvariants() {
    if let violation = machine.invariantViolation { refute(violation) }
  }
}

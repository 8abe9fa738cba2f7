import Testing
import Wire

@testable import Transport

/// Transcripts: what comes, what is to be done.
@Suite("The server's connection machine")
struct ServerConnectionMachineTests {
  static let second: UInt64 = 1_000_000_000

  private static func machine(_ limits: ServerLimits = ServerLimits()) -> ServerConnectionMachine {
    ServerConnectionMachine(limits: .init(limits), now: 0)
  }

  private static func ready(_ limits: ServerLimits = ServerLimits()) -> ServerConnectionMachine {
    var machine = machine(limits)
    machine.acceptMagic()
    _ = machine.acceptHello(PeerHello(), now: 0)
    return machine
  }

  private static func request(_ call: UInt32) -> FrameHeader { FrameHeader(.request, method: 1, call: call) }

  @Test("magic, HELLO, call, answer")
  func opening() {
    var machine = Self.machine()
    #expect(machine.state == .awaitingMagic && !machine.takesFrames)
    machine.acceptMagic()
    #expect(machine.state == .awaitingHello && machine.maxPayloadBytes == 4096)
    #expect(machine.receive(FrameHeader(.hello), now: 1) == .hello)
    #expect(machine.acceptHello(PeerHello(), now: 1) == .ignore)
    #expect(machine.state == .ready && machine.maxPayloadBytes == 4 << 20)
    #expect(machine.receive(Self.request(1), now: 2) == .dispatch)
    #expect(machine.inFlight == 1)
    machine.answered(1)
    #expect(machine.inFlight == 0 && machine.invariantViolation == nil)
  }

  @Test("another frame before HELLO, or HELLO twice, is the end")
  func helloOrder() {
    var machine = Self.machine()
    machine.acceptMagic()
    #expect(machine.receive(Self.request(1), now: 0) == .fail(.helloMissing))
    machine = Self.ready()
    #expect(machine.receive(FrameHeader(.hello), now: 0) == .fail(.helloRepeated))
  }

  @Test("a HELLO that cannot be served is refused")
  func helloContents() {
    var machine = Self.machine()
    machine.acceptMagic()
    var hello = PeerHello()
    hello.protocolVersion = 0
    #expect(machine.acceptHello(hello, now: 0) == .fail(.protocolVersion(0)))
    hello.protocolVersion = 7
    hello.maxPayloadBytes = 65_535
    #expect(machine.acceptHello(hello, now: 0) == .fail(.payloadLimitTooLow(65_535)))
    hello.maxPayloadBytes = 65_536
    #expect(machine.acceptHello(hello, now: 0) == .ignore)
  }

  @Test("call ids only rise, and may skip")
  func rising() {
    var machine = Self.ready()
    #expect(machine.receive(Self.request(5), now: 0) == .dispatch)
    #expect(machine.receive(Self.request(9), now: 0) == .dispatch)
    #expect(machine.receive(Self.request(9), now: 0) == .fail(.callNotRising(call: 9, last: 9)))
    #expect(machine.receive(Self.request(6), now: 0) == .fail(.callNotRising(call: 6, last: 9)))
    #expect(
      machine.receive(FrameHeader(.request, call: 0), now: 0)
        == .fail(.frame(.wrongShape(.request, .callMustNotBeZero))))
  }

  @Test("frames that only a server sends are the end", arguments: [FrameKind.response, .item])
  func wrongSide(kind: FrameKind) {
    var machine = Self.ready()
    #expect(machine.receive(FrameHeader(kind, call: 1), now: 0) == .fail(.wrongSide(kind)))
  }

  @Test("one call too many is refused, and the next is taken when one is answered")
  func inFlight() {
    var limits = ServerLimits()
    limits.maxCallsInFlight = 2
    var machine = Self.ready(limits)
    #expect(machine.receive(Self.request(1), now: 0) == .dispatch)
    #expect(machine.receive(Self.request(2), now: 0) == .dispatch)
    #expect(machine.receive(Self.request(3), now: 0) == .refuse)
    machine.answered(1)
    #expect(machine.receive(Self.request(4), now: 0) == .dispatch)
    #expect(machine.lastCall == 4)
  }

  @Test("a stream starts with 16 credits, gains what is granted, and no more than 2³¹ − 1")
  func credit() {
    var machine = Self.ready()
    _ = machine.receive(Self.request(1), now: 0)
    machine.open(1, isStream: true, deadline: .max)
    for _ in 0..<16 { #expect(machine.takeCredit(1) == true) }
    #expect(machine.takeCredit(1) == false)
    #expect(machine.receive(FrameHeader(.credit, call: 1, value: 2), now: 0) == .granted)
    #expect(machine.takeCredit(1) == true)
    #expect(machine.takeCredit(1) == true)
    #expect(machine.takeCredit(1) == false)
    #expect(machine.receive(FrameHeader(.credit, call: 1, value: 0x7FFF_FFFF), now: 0) == .granted)
    #expect(machine.receive(FrameHeader(.credit, call: 1, value: 1), now: 0) == .fail(.creditOverflow(call: 1)))
    #expect(machine.receive(FrameHeader(.credit, call: 2, value: 1), now: 0) == .ignore)
  }

  @Test("CANCEL reaches an open call once; of others it is ignored")
  func cancel() {
    var machine = Self.ready()
    _ = machine.receive(Self.request(1), now: 0)
    #expect(machine.receive(FrameHeader(.cancel, call: 1), now: 0) == .ignore)
    machine.open(1, isStream: false, deadline: .max)
    #expect(machine.receive(FrameHeader(.cancel, call: 1), now: 0) == .cancel)
    #expect(machine.close(1) == true)
    #expect(machine.close(1) == false)
    #expect(machine.receive(FrameHeader(.cancel, call: 1), now: 0) == .ignore)
    #expect(machine.inFlight == 0)
  }

  @Test("a flood of CANCELs is the end, however many calls there were")
  func cancelFlood() {
    var limits = ServerLimits()
    limits.maxSurplusCancels = 3
    var machine = Self.ready(limits)
    for call in 1...5 as ClosedRange<UInt32> { _ = machine.receive(Self.request(call), now: 0) }
    for _ in 0..<8 { #expect(machine.receive(FrameHeader(.cancel, call: 99), now: 0) == .ignore) }
    #expect(machine.receive(FrameHeader(.cancel, call: 99), now: 0) == .fail(.cancelFlood))
  }

  @Test("PINGs: a burst, then one a second; a call between them starts anew")
  func pingFlood() {
    var machine = Self.ready()
    for _ in 0..<16 { #expect(machine.receive(FrameHeader(.ping), now: 0) == .pong) }
    #expect(machine.receive(FrameHeader(.ping), now: Self.second - 1) == .fail(.pingFlood))
    machine = Self.ready()
    for _ in 0..<16 { _ = machine.receive(FrameHeader(.ping), now: 0) }
    #expect(machine.receive(FrameHeader(.ping), now: Self.second) == .pong)
    #expect(machine.receive(FrameHeader(.ping), now: Self.second) == .fail(.pingFlood))
    machine = Self.ready()
    for _ in 0..<16 { _ = machine.receive(FrameHeader(.ping), now: 0) }
    _ = machine.receive(Self.request(1), now: 0)
    for _ in 0..<16 { #expect(machine.receive(FrameHeader(.ping), now: 0) == .pong) }
  }

  @Test("draining answers what was accepted, begins nothing, and finishes with the last answer")
  func drain() {
    var machine = Self.ready()
    _ = machine.receive(Self.request(1), now: 0)
    #expect(machine.drain() == .ignore)
    #expect(!machine.isFinished)
    #expect(machine.receive(Self.request(2), now: 0) == .ignore)
    #expect(machine.lastCall == 1 && machine.inFlight == 1)
    machine.answered(1)
    #expect(machine.isFinished)
    machine = Self.ready()
    #expect(machine.drain() == .finish)
  }

  @Test("the client's GO_AWAY drains too")
  func clientGoesAway() {
    var machine = Self.ready()
    _ = machine.receive(Self.request(1), now: 0)
    #expect(machine.receive(FrameHeader(.goAway), now: 0) == .ignore)
    #expect(machine.state == .draining)
    machine = Self.ready()
    #expect(machine.receive(FrameHeader(.goAway), now: 0) == .finish)
  }

  @Test("whatever comes at random, the invariants hold", arguments: 1...100 as ClosedRange<UInt64>)
  func invariants(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var limits = ServerLimits()
    limits.maxCallsInFlight = 8
    var machine = Self.machine(limits)
    var now: UInt64 = 0
    var batched = 0
    for step in 0..<400 {
      now += UInt64.random(in: 0...(2 * Self.second), using: &random)
      let call = UInt32.random(in: 0...40, using: &random)
      switch Int.random(in: 0...9, using: &random) {
      case 0: machine.acceptMagic()
      case 1: if machine.state == .awaitingHello { _ = machine.acceptHello(PeerHello(), now: now) }
      case 2, 3, 4:
        guard machine.receive(Self.request(machine.lastCall + 1), now: now) == .dispatch else { break }
        if Bool.random(using: &random) {
          machine.open(machine.lastCall, isStream: Bool.random(using: &random), deadline: now + Self.second)
        } else {
          batched += 1
        }
      case 5: _ = machine.close(call)
      case 6:
        machine.answered(batched)
        batched = 0
      case 7: _ = machine.timerFired(now: now)
      case 8 where step % 50 == 0: _ = machine.drain()
      default:
        let kind = FrameKind.allCases.randomElement(using: &random) ?? .ping
        _ = machine.receive(FrameHeader(kind, call: call, value: 1), now: now)
      }
      #expect(machine.invariantViolation == nil, "seed \(seed), step \(step)")
    }
    machine.answered(batched)
    machine.beginClosing(now: now)
    #expect(machine.invariantViolation == nil && !machine.takesFrames, "seed \(seed)")
  }
}

import Testing
import Wire

@testable import Transport

@Suite("The server's times")
struct ServerTimesTests {
  static let second: UInt64 = 1_000_000_000

  private static func ready() -> ServerConnectionMachine {
    var machine = ServerConnectionMachine(limits: .init(ServerLimits()), now: 0)
    machine.acceptMagic()
    _ = machine.acceptHello(PeerHello(), now: 0)
    return machine
  }

  @Test("magic and HELLO have five seconds together")
  func handshake() {
    var machine = ServerConnectionMachine(limits: .init(ServerLimits()), now: 0)
    #expect(machine.nextDeadline == 5 * Self.second)
    #expect(machine.timerFired(now: 5 * Self.second - 1) == .none)
    machine.acceptMagic()
    #expect(machine.timerFired(now: 5 * Self.second) == .fail(.handshakeTimeout))
  }

  @Test("silence brings a PING, and silence after it the end")
  func keepalive() {
    var machine = Self.ready()
    #expect(machine.timerFired(now: 60 * Self.second) == .ping)
    #expect(machine.nextDeadline == 80 * Self.second)
    #expect(machine.timerFired(now: 80 * Self.second) == .fail(.keepaliveTimeout))
    machine = Self.ready()
    #expect(machine.timerFired(now: 60 * Self.second) == .ping)
    machine.noteReceived(wholeFrames: true, partialFrame: false, now: 61 * Self.second)
    #expect(machine.timerFired(now: 80 * Self.second) == .none)
    #expect(machine.nextDeadline == 121 * Self.second)
  }

  @Test("a connection without calls is closed after five minutes, PINGs or not; one with an open call is not")
  func idle() {
    var machine = Self.ready()
    var now: UInt64 = 0
    var last = ServerConnectionMachine.TimerAction.none
    while now < 301 * Self.second, last == .none || last == .ping {
      now += Self.second
      machine.noteReceived(wholeFrames: true, partialFrame: false, now: now)
      last = machine.timerFired(now: now)
    }
    #expect(last == .fail(.idle))
    #expect(now == 300 * Self.second)

    machine = Self.ready()
    _ = machine.receive(FrameHeader(.request, method: 1, call: 1), now: 0)
    for now in stride(from: Self.second, to: 600 * Self.second, by: Int(Self.second)) {
      machine.noteReceived(wholeFrames: true, partialFrame: false, now: now)
      #expect(machine.timerFired(now: now) == .none)
    }
  }

  @Test("a frame that was begun is finished in thirty seconds, dribbled or not")
  func slowFrame() {
    var machine = Self.ready()
    machine.noteReceived(wholeFrames: false, partialFrame: true, now: Self.second)
    for tick in 2...30 as ClosedRange<UInt64> {
      machine.noteReceived(wholeFrames: false, partialFrame: true, now: tick * Self.second)
      #expect(machine.timerFired(now: tick * Self.second) == .none)
    }
    #expect(machine.timerFired(now: 31 * Self.second) == .fail(.slowFrame))
    machine = Self.ready()
    machine.noteReceived(wholeFrames: false, partialFrame: true, now: Self.second)
    machine.noteReceived(wholeFrames: true, partialFrame: true, now: 20 * Self.second)
    #expect(machine.timerFired(now: 31 * Self.second) == .none)
    #expect(machine.nextDeadline == 50 * Self.second)
  }

  @Test("a peer that does not read has thirty seconds from its last progress, and is not asked for signs of life")
  func stalled() {
    var machine = Self.ready()
    machine.noteUnread(true, now: 0)
    machine.noteUnread(true, now: 29 * Self.second)
    #expect(machine.timerFired(now: 58 * Self.second) == .none)
    #expect(machine.timerFired(now: 59 * Self.second) == .fail(.stalledWrite))
    machine.noteUnread(false, now: 59 * Self.second)
    #expect(machine.timerFired(now: 59 * Self.second) == .none)
  }

  @Test("tasks out of time are named, once they are due")
  func callDeadlines() {
    var machine = Self.ready()
    for call in 1...3 as ClosedRange<UInt32> {
      _ = machine.receive(FrameHeader(.request, method: 2, call: call), now: 0)
      machine.open(call, isStream: false, deadline: UInt64(call) * Self.second)
    }
    #expect(machine.nextDeadline == Self.second)
    #expect(machine.timerFired(now: 2 * Self.second) == .expire([1, 2]))
    #expect(machine.close(1) == true)
    #expect(machine.close(2) == true)
    #expect(machine.timerFired(now: 2 * Self.second) == .none)
    #expect(machine.nextDeadline == 3 * Self.second)
  }

  @Test("after the last words the descriptor stays for two seconds")
  func closing() {
    var machine = Self.ready()
    machine.beginClosing(now: Self.second)
    #expect(machine.nextDeadline == 3 * Self.second)
    #expect(machine.timerFired(now: 3 * Self.second) == .close)
  }
}

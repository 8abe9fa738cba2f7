import Testing
import Wire

@testable import Transport

@Suite("The client's connection machine")
struct ClientConnectionMachineTests {
  static let second: UInt64 = 1_000_000_000

  private static func ready() -> ClientConnectionMachine {
    var machine = ClientConnectionMachine(options: ClientOptions(), now: 0)
    machine.connected()
    machine.acceptMagic()
    _ = machine.acceptHello(PeerHello())
    return machine
  }

  @Test("connected, magic, HELLO, answers")
  func opening() {
    var machine = ClientConnectionMachine(options: ClientOptions(), now: 0)
    #expect(machine.state == .connecting && !machine.takesFrames)
    machine.connected()
    #expect(machine.state == .awaitingMagic && !machine.takesFrames)
    machine.acceptMagic()
    #expect(machine.receive(FrameHeader(.hello)) == .hello)
    #expect(machine.acceptHello(PeerHello()) == .ignore)
    #expect(machine.receive(FrameHeader(.response, call: 1)) == .answer)
    #expect(machine.receive(FrameHeader(.item, call: 1)) == .answer)
    #expect(machine.receive(FrameHeader(.ping)) == .pong)
    #expect(machine.receive(FrameHeader(.pong)) == .ignore)
  }

  @Test("what a server may not send is the end", arguments: [FrameKind.request, .credit, .cancel])
  func wrongSide(kind: FrameKind) {
    var machine = Self.ready()
    #expect(machine.receive(FrameHeader(kind, call: 1, value: kind == .credit ? 1 : 0)) == .fail(.wrongSide(kind)))
  }

  @Test("HELLO comes first, once, in a version that is spoken")
  func hello() {
    var machine = Self.ready()
    #expect(machine.receive(FrameHeader(.hello)) == .fail(.helloRepeated))
    machine = ClientConnectionMachine(options: ClientOptions(), now: 0)
    machine.connected()
    machine.acceptMagic()
    #expect(machine.receive(FrameHeader(.response, call: 1)) == .fail(.helloMissing))
    var hello = PeerHello()
    hello.protocolVersion = 0
    #expect(machine.acceptHello(hello) == .fail(.protocolVersion(0)))
  }

  @Test("GO_AWAY says why; answers still come")
  func goAway() {
    var machine = Self.ready()
    #expect(machine.receive(FrameHeader(.goAway, call: 3, value: 14)) == .goAway(.unavailable))
    #expect(machine.state == .draining)
    #expect(machine.receive(FrameHeader(.response, call: 2)) == .answer)
    machine.close()
    #expect(machine.receive(FrameHeader(.response, call: 3)) == .ignore)
  }

  @Test(
    "a RESPONSE of the wrong shape is the end",
    arguments: [
      FrameHeader(.response, call: 1, value: 17), FrameHeader(.response, call: 0),
      FrameHeader(.response, method: 1, call: 1),
    ])
  func badResponse(header: FrameHeader) {
    var machine = Self.ready()
    guard case .fail(.frame(.wrongShape)) = machine.receive(header) else {
      Issue.record("\(header) was taken")
      return
    }
  }

  @Test("connecting has its time; afterwards silence brings a PING and then the end")
  func times() {
    var machine = ClientConnectionMachine(options: ClientOptions(), now: 0)
    #expect(machine.timerFired(now: 5 * Self.second - 1) == .none)
    #expect(machine.timerFired(now: 5 * Self.second) == .fail(.connectTimeout))
    machine = Self.ready()
    #expect(machine.timerFired(now: 60 * Self.second) == .ping)
    machine.noteReceived(now: 70 * Self.second)
    #expect(machine.timerFired(now: 80 * Self.second) == .none)
    #expect(machine.timerFired(now: 130 * Self.second) == .ping)
    #expect(machine.timerFired(now: 150 * Self.second) == .fail(.keepaliveTimeout))
  }
}

import Wire

@testable import Transport

/// A server's bytes, in two different cuts: the client must see the same frames and do the same.
struct ClientConnectionTarget: FuzzTarget {
  static let name = "client-connection"

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard let seed = bytes.first else { return }
    let stream = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let (whole, cut) = (ClientSession(), ClientSession())
    var chunks = Chunks(seed: nil)
    chunks.read(stream, whole)
    chunks = Chunks(seed: UInt64(seed))
    chunks.read(stream, cut)
    require(whole.steps == cut.steps, "frames depend on how they were cut: \(whole.steps) or \(cut.steps)")
  }

  static func seeds() -> [[UInt8]] {
    let hello = PeerHello(agent: "server").opening
    let answer = FrameHeader(.response, call: 1).frame(payload: Array(repeating: 1, count: 100))
    let error = RPCError(
      .invalidArgument, "no", violations: [RPCError.Violation(field: "a", description: "b")],
      retry: .after(milliseconds: 5))
    let refusal = FrameHeader(.response, call: 2, value: 3).frame(payload: error.payload)
    let item = FrameHeader(.item, call: 3).frame(payload: [1])
    let goAway = FrameHeader(.goAway, call: 3, value: 14).frame(payload: error.payload)
    let ping = FrameHeader(.ping, value: 1).frame(payload: [1])
    return [
      hello, hello + answer + refusal + item + ping + goAway + answer, hello + goAway, hello + hello,
      Opening.magic + goAway, hello + FrameHeader(.request, method: 1, call: 1).frame(), Array("HTTP/1.1 200".utf8),
      hello + [0xFF, 0xFF, 0xFF, 0xFF],
    ].map { [7] + $0 }
  }
}

/// A connection without its socket: what a client does with bytes.
final class ClientSession: FrameTaker {
  /// What a frame led to.
  struct Step: Hashable {
    let header: FrameHeader
    let payload: [UInt8]
    let action: ClientConnectionMachine.Action
    let message: String
  }

  private var machine: ClientConnectionMachine
  private(set) var steps: [Step] = []

  init() {
    machine = ClientConnectionMachine(options: ClientOptions(), now: 1)
    machine.connected()
  }

  var maxPayloadBytes: Int {
    machine.state == .ready || machine.state == .draining ? 65_536 : PeerHello.maxByteCount
  }

  func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    if machine.state == .awaitingMagic {
      guard let verdict = Opening.verdict(bytes) else { return 0 }
      guard verdict == .magic else { return close(bytes) }
      machine.acceptMagic()
      offset = Opening.magic.count
    }
    while machine.takesFrames {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      do throws(FrameError) {
        guard let frame = try Frame.split(rest, maxPayloadBytes: maxPayloadBytes) else { return offset }
        offset += frame.byteCount
        take(frame)
      } catch {
        return close(bytes)
      }
    }
    return bytes.count
  }

  private func close(_ bytes: UnsafeRawBufferPointer) -> Int {
    machine.close()
    return bytes.count
  }

  private func take(_ frame: Frame) {
    let action = machine.receive(frame.header)
    var message = ""
    switch action {
    case .answer:
      require(frame.header.call != 0, "an answer to no call")
      if let code = StatusCode(exactly: frame.header.value), code != .ok {
        message = RPCError(code, payload: frame.payload).message
      }
    case .goAway(let code): message = RPCError(code, payload: frame.payload).message
    case .hello: hello(frame.payload)
    case .fail(let failure):
      message = failure.error.message
      machine.close()
    case .ignore, .pong: break
    }
    steps.append(Step(header: frame.header, payload: Array(frame.payload), action: action, message: message))
  }

  private func hello(_ payload: UnsafeRawBufferPointer) {
    guard let hello = try? PeerHello(payload: payload), case .ignore = machine.acceptHello(hello) else {
      return machine.close()
    }
  }
}

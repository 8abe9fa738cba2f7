import Wire

@testable import Transport

/// A client's bytes, in two different cuts: the server must see the same frames, do the same, and keep its invariants.
struct ServerConnectionTarget: FuzzTarget {
  static let name = "server-connection"

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard let seed = bytes.first else { return }
    let stream = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let (whole, cut) = (ServerSession(), ServerSession())
    var chunks = Chunks(seed: nil)
    chunks.read(stream, whole)
    chunks = Chunks(seed: UInt64(seed))
    chunks.read(stream, cut)
    require(whole.steps == cut.steps, "frames depend on how they were cut: \(whole.steps) or \(cut.steps)")
    whole.end()
  }

  static func seeds() -> [[UInt8]] {
    let hello = PeerHello(agent: "fuzz").opening
    let request = FrameHeader(.request, method: 1, call: 1, value: 1_000).frame(payload: [10, 0])
    let stream = FrameHeader(.request, method: 3, call: 2).frame(payload: Array(repeating: 7, count: 100))
    let credit = FrameHeader(.credit, call: 2, value: 3).frame()
    let cancel = FrameHeader(.cancel, call: 2).frame()
    let ping = FrameHeader(.ping, value: 9).frame(payload: [1, 2, 3])
    let goAway = FrameHeader(.goAway).frame(payload: RPCError(.ok, "bye").payload)
    let wrong = FrameHeader(.response, call: 1).frame()
    let length: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    let seeds: [[UInt8]] = [
      hello, hello + request + stream + credit + cancel + ping + goAway, hello + request + request, hello + wrong,
      hello + hello, hello + length, hello + [3, 0, 0, 0], hello + ping + ping + cancel + request + goAway + request,
      Array("GET / HTTP/1.1\r\n\r\n".utf8), Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), [0x16, 3, 1, 2, 0, 1],
    ]
    return seeds.map { [7] + $0 }
  }
}

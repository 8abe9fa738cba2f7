import Transport
import Wire

/// A connection that was opened as wire.md says and makes one call at a time, blocking: how the harness gets to know the
/// server, and how connections under load begin.
struct OpeningConnection {
  /// The longest answer that is taken: the protocol's default limit.
  private static let maximumPayloadBytes = 4 << 20
  private static let readBytes = 65_536

  let socket: LoadSocket
  /// What has arrived behind the last frame read.
  private(set) var unread: [UInt8] = []
  private var nextCall: UInt32 = 1

  /// Connects, says hello and waits for the server's; `hello` is the payload. Throws a connection error, with the
  /// server's own words when it refuses.
  init(to endpoint: Endpoint, hello: [UInt8]) throws(BenchError) {
    socket = try LoadSocket.connect(to: endpoint)
    do throws(BenchError) {
      try send(Opening.magic + FrameHeader(.hello).frame(payload: hello))
      while unread.count < Opening.magic.count { try receive() }
      guard unread.starts(with: Opening.magic) else {
        let words = String(decoding: unread.prefix(80), as: UTF8.self).prefix { !$0.isNewline }
        throw .connection("\(endpoint) does not speak Gatehouse's protocol; it answers: \(words)")
      }
      unread.removeFirst(Opening.magic.count)
      let (header, payload) = try nextFrame()
      guard header.kind == .hello else { throw .connection("\(endpoint) refuses: \(Self.refusal(header, payload))") }
    } catch {
      socket.close()
      throw error
    }
  }

  /// Makes one call: the status that it is answered with, 0 for OK, and the payload.
  mutating func call(method: UInt16, payload: [UInt8]) throws(BenchError) -> (status: UInt32, payload: [UInt8]) {
    let call = nextCall
    nextCall += 1
    try send(FrameHeader(.request, method: method, call: call).frame(payload: payload))
    while true {
      let (header, payload) = try nextFrame()
      switch header.kind {
      case .response where header.call == call: return (header.value, payload)
      case .goAway: throw .connection("the server refuses: \(Self.refusal(header, payload))")
      default: continue
      }
    }
  }

  private func send(_ bytes: [UInt8]) throws(BenchError) {
    var sent = 0
    while sent < bytes.count {
      let result = bytes.withUnsafeBytes { buffer in
        Result { () throws(BenchError) in try socket.write(UnsafeRawBufferPointer(rebasing: buffer[sent...])) }
      }
      let count = try result.get()
      guard count > 0 else { throw .connection("the server takes no bytes for \(LoadSocket.openingTimeoutSeconds) s") }
      sent += count
    }
  }

  private mutating func receive() throws(BenchError) {
    var chunk = [UInt8](repeating: 0, count: Self.readBytes)
    let result = chunk.withUnsafeMutableBytes { buffer in
      Result { () throws(BenchError) in try socket.read(into: buffer) }
    }
    guard let count = try result.get() else {
      throw .connection("the server says nothing for \(LoadSocket.openingTimeoutSeconds) s")
    }
    guard count > 0 else { throw .connection("the server closes the connection") }
    unread += chunk.prefix(count)
  }

  private mutating func nextFrame() throws(BenchError) -> (FrameHeader, [UInt8]) {
    while true {
      if let (header, payload) = try splitFrame() {
        unread.removeFirst(FrameHeader.byteCount + payload.count)
        return (header, payload)
      }
      try receive()
    }
  }

  private func splitFrame() throws(BenchError) -> (FrameHeader, [UInt8])? {
    do {
      return try unread.withUnsafeBytes { bytes in
        try Frame.split(bytes, maxPayloadBytes: Self.maximumPayloadBytes).map { ($0.header, Array($0.payload)) }
      }
    } catch {
      throw .connection("the server does not speak Gatehouse's protocol: \(error)")
    }
  }

  private static func refusal(_ header: FrameHeader, _ payload: [UInt8]) -> String {
    let status = StatusCode(exactly: header.value)?.name ?? "status \(header.value)"
    let words = String(decoding: payload.filter { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
    return "\(status) \(words)"
  }
}

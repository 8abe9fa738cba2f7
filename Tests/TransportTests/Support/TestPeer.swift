import Foundation
import Glibc
import Wire

@testable import Transport

/// A frame as a test reads it.
struct TestFrame: Equatable {
  let kind: FrameKind?
  let call: UInt32
  let value: UInt32
  let payload: [UInt8]

  var status: StatusCode? { StatusCode(exactly: value) }
  var message: String { payload.withUnsafeBytes { RPCError(.unknown, payload: $0).message } }
}

/// The other end of a connection, byte by byte, on a blocking socket: what the server must cope with is written here.
final class TestPeer {
  struct Silence: Error, CustomStringConvertible {
    let description: String
  }

  let socket: Socket
  private var received: [UInt8] = []

  /// A read that takes longer is a failed test.
  static let patienceSeconds = 20

  init(_ endpoint: Endpoint, receiveBufferBytes: Int32? = nil) throws {
    let address = try SocketAddress.resolve(endpoint, passive: false)[0]
    socket = try Socket.stream(family: address.family)
    if let receiveBufferBytes { try socket.set(SO_RCVBUF, to: receiveBufferBytes) }
    _ = fcntl(socket.descriptor, F_SETFL, 0)
    var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
    setsockopt(socket.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket.descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    _ = try socket.connect(to: address)
  }

  deinit { socket.close() }

  /// A peer that has said magic and HELLO, and read the server's.
  static func ready(_ endpoint: Endpoint, hello: PeerHello = PeerHello(agent: "test")) throws -> TestPeer {
    let peer = try TestPeer(endpoint)
    try peer.send(hello.opening)
    try peer.readOpening()
    return peer
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = try bytes[sent...].withUnsafeBytes { try socket.write($0) }
      if count == 0 { throw Silence(description: "the server does not read") }
      sent += count
    }
  }

  func send(_ header: FrameHeader, _ payload: [UInt8] = []) throws { try send(header.frame(payload: payload)) }

  func request(_ call: UInt32, method: UInt16 = 1, microseconds: UInt32 = 0, _ payload: [UInt8] = []) throws {
    try send(FrameHeader(.request, method: method, call: call, value: microseconds), payload)
  }

  /// Up to `count` bytes more; none at the end.
  func readSome(_ count: Int = 65_536) throws -> [UInt8] {
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = try socket.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    return bytes
  }

  /// Exactly `count` bytes; nil when the end comes first.
  func read(_ count: Int) throws -> [UInt8]? {
    while received.count < count {
      let more = try readSome()
      if more.isEmpty { return nil }
      received += more
    }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  /// Everything until the end.
  func readToEnd() throws -> [UInt8] {
    while true {
      let more = try readSome()
      if more.isEmpty { break }
      received += more
    }
    defer { received = [] }
    return received
  }

  @discardableResult
  func readOpening() throws -> TestFrame {
    guard try read(8) == Opening.magic, let hello = try readFrame(), hello.kind == .hello else {
      throw Silence(description: "the server did not open")
    }
    return hello
  }

  /// The next frame; nil at the end.
  func readFrame() throws -> TestFrame? {
    guard let head = try read(FrameHeader.byteCount) else { return nil }
    let header = head.withUnsafeBytes { FrameHeader(loading: $0.baseAddress!) }
    guard let payload = try read(header.payloadByteCount) else { return nil }
    return TestFrame(kind: header.kind, call: header.call, value: header.value, payload: payload)
  }

  /// The next frame, which must come.
  func frame() throws -> TestFrame {
    guard let frame = try readFrame() else { throw Silence(description: "the server closed") }
    return frame
  }

  /// The next frame that is GO_AWAY; other frames before it are dropped.
  func goAway() throws -> TestFrame {
    while true {
      let next = try frame()
      if next.kind == .goAway { return next }
    }
  }

  /// We send nothing more.
  func finishWriting() { socket.finishWriting() }
}

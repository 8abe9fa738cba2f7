import Foundation
import Glibc
import Synchronization
import Transport
import Wire

@testable import Bench

/// A server that speaks the wire's frames and misbehaves on demand: one thread a connection, blocking.
final class FakeServer: Sendable {
  /// What becomes of a request.
  enum Reply: Sendable {
    case ok([UInt8])
    case status(UInt32)
    /// Never answered.
    case nothing
    /// Everything on this connection waits so long before it goes on.
    case stall(Duration)
    /// These bytes as they are.
    case raw([UInt8])
    /// The connection is closed.
    case close
  }

  let endpoint: Endpoint
  private let listener: Int32
  private let opening: [UInt8]
  /// Bytes sent at once, at most.
  private let piece: Int
  private let reply: @Sendable (FrameHeader, [UInt8]) -> Reply
  private let received = Mutex<[FrameHeader]>([])

  /// The headers of all frames received, in order of arrival.
  var frames: [FrameHeader] { received.withLock { $0 } }

  /// A description of the server, in answer to Reflection.Describe: version `1.2`.
  static let description: [UInt8] = [0x12, 3] + Array("1.2".utf8)

  /// Listens on a port of its own, or on `unixPath`. Requests to describe are answered by themselves; `reply` is asked
  /// about the others, on the connection's thread.
  init(
    unixPath: String? = nil, piece: Int = .max,
    opening: [UInt8] = Opening.magic + FrameHeader(.hello).frame(payload: [0x08, 0x01]),
    reply: @escaping @Sendable (FrameHeader, [UInt8]) -> Reply = { _, _ in .ok([]) }
  ) throws {
    self.reply = reply
    self.piece = piece
    self.opening = opening
    let listener = socket(unixPath == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    endpoint = try unixPath.map { try Self.bind(listener, path: $0) } ?? Self.bindToLoopback(listener)
    guard listen(listener, 64) == 0 else { throw BenchError.connection(LoadSocket.systemMessage()) }
    let thread = Thread { [self] in accept() }
    thread.start()
  }

  /// Stops listening; connections end with their peers.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func accept() {
    while true {
      let peer = Glibc.accept(listener, nil, nil)
      guard peer >= 0 else { break }
      let thread = Thread { [self] in
        serve(peer)
        close(peer)
      }
      thread.start()
    }
    close(listener)
  }

  private func serve(_ peer: Int32) {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    guard send(opening, to: peer) else { return }
    while true {
      let count = recv(peer, &chunk, chunk.count, 0)
      guard count > 0 else { return }
      bytes += chunk.prefix(count)
      if bytes.starts(with: Opening.magic) { bytes.removeFirst(Opening.magic.count) }
      guard answer(&bytes, to: peer) else { return }
    }
  }

  /// Takes whole frames off `bytes` and answers them; false when the connection is over.
  private func answer(_ bytes: inout [UInt8], to peer: Int32) -> Bool {
    var output: [UInt8] = []
    while let (header, payload) = split(bytes) {
      bytes.removeFirst(FrameHeader.byteCount + payload.count)
      received.withLock { $0.append(header) }
      guard header.kind == .request else { continue }
      switch header.method == 32 ? .ok(Self.description) : reply(header, payload) {
      case .ok(let payload): output += FrameHeader(.response, call: header.call).frame(payload: payload)
      case .status(let status): output += FrameHeader(.response, call: header.call, value: status).frame()
      case .raw(let bytes): output += bytes
      case .nothing: continue
      case .close: return false
      case .stall(let duration):
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + duration.inSeconds)
        output += FrameHeader(.response, call: header.call).frame()
      }
    }
    return send(output, to: peer)
  }

  private func split(_ bytes: [UInt8]) -> (FrameHeader, [UInt8])? {
    bytes.withUnsafeBytes { buffer in
      (try? Frame.split(buffer, maxPayloadBytes: 1 << 20)).map { ($0.header, Array($0.payload)) }
    }
  }

  private func send(_ bytes: [UInt8], to peer: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let rest = Array(bytes[sent...].prefix(piece))
      // MSG_NOSIGNAL: a peer that has gone ends the connection, not the tests.
      let count = Glibc.send(peer, rest, min(piece, rest.count), 0x4000)
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func bindToLoopback(_ listener: Int32) throws -> Endpoint {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        Glibc.bind(listener, address, length) == 0 && getsockname(listener, address, &length) == 0
      }
    }
    guard result else { throw BenchError.connection(LoadSocket.systemMessage()) }
    return .tcp(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
  }

  private static func bind(_ listener: Int32, path: String) throws -> Endpoint {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        Glibc.bind(listener, address, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw BenchError.connection(LoadSocket.systemMessage()) }
    return .unix(path: path)
  }
}

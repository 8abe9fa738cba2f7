import Dispatch
import Glibc
import Synchronization
import Transport
import Wire

/// A server without manners: a bare socket, and a script that does with each connection what it likes.
final class RawServer: Sendable {
  /// One connection, blocking; closed when the script returns.
  struct Peer: Sendable {
    fileprivate let descriptor: Int32

    /// Sends bytes, as they are.
    func send(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
      }
    }

    /// The magic and HELLO (`protocol_version` 1) of a server that seems to be well.
    func open() { send(Opening.magic + FrameHeader(.hello).frame(payload: [0x08, 0x01])) }

    /// Reads exactly `count` bytes; nil at the end of the stream.
    func read(_ count: Int) -> [UInt8]? {
      var bytes = [UInt8](repeating: 0, count: count)
      var filled = 0
      while filled < count {
        let read = bytes.withUnsafeMutableBytes {
          recv(descriptor, $0.baseAddress?.advanced(by: filled), count - filled, 0)
        }
        if read <= 0 { return nil }
        filled += read
      }
      return bytes
    }

    /// The next REQUEST, whatever else comes before it.
    func request() -> FrameHeader? {
      while let bytes = read(FrameHeader.byteCount) {
        let header = bytes.withUnsafeBytes { $0.baseAddress.map { FrameHeader(loading: $0) } }
        guard let header, read(header.payloadByteCount) != nil else { return nil }
        if header.kind == .request { return header }
      }
      return nil
    }

    /// Reads until the peer closes.
    func readToEnd() { while read(1) != nil {} }
  }

  let endpoint: Endpoint
  private let listener: Int32
  private let accepted = Atomic<Int>(0)

  /// Connections accepted so far.
  var connections: Int { accepted.load(ordering: .relaxed) }

  init(_ script: @escaping @Sendable (Peer) -> Void) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bind(listener, address, length)
        _ = getsockname(listener, address, &length)
      }
    }
    guard listen(listener, 128) == 0 else { throw RPCError(.unavailable, "cannot listen: \(errno)") }
    endpoint = .tcp(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
    DispatchQueue(label: "raw.accept").async { [self] in serve(script) }
  }

  private func serve(_ script: @escaping @Sendable (Peer) -> Void) {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor < 0 { return }
      accepted.add(1, ordering: .relaxed)
      DispatchQueue(label: "raw.peer").async {
        guard Peer(descriptor: descriptor).read(Opening.magic.count) != nil else {
          _ = close(descriptor)
          return
        }
        script(Peer(descriptor: descriptor))
        _ = close(descriptor)
      }
    }
  }

  /// Listens no more.
  func stop() { _ = shutdown(listener, Int32(SHUT_RDWR)) }
}

import CLinux
import Glibc

/// A socket address as the kernel takes it: IPv4, IPv6 or Unix.
struct SocketAddress: Sendable, Hashable {
  private let bytes: [UInt8]

  var family: Int32 {
    bytes.withUnsafeBytes { Int32($0.loadUnaligned(as: sa_family_t.self)) }
  }

  /// Runs `body` with the address and its length, as bind(2) and connect(2) want them.
  func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    bytes.withUnsafeBytes { raw in
      // sockaddr is a view of any of its families' structures, by POSIX; an array's storage is 16-byte aligned.
      raw.withMemoryRebound(to: sockaddr.self) { buffer in
        // An address is never empty: every initializer stores a whole structure.
        body(buffer.baseAddress.unsafelyUnwrapped, socklen_t(raw.count))
      }
    }
  }

  /// The address that a call filled in, like getsockname(2).
  init(filledBy body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) throws(Errno) -> Void) throws(Errno) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result: Result<Void, Errno> = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        Result { () throws(Errno) in try body(address, &length) }
      }
    }
    try result.get()
    bytes = withUnsafeBytes(of: &storage) { Array($0.prefix(Int(length))) }
  }

  init(unixPath path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    bytes = withUnsafeBytes(of: &address) { Array($0) }
  }

  init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
    bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
  }

  /// The addresses of an endpoint, resolved with getaddrinfo(3), which may block for seconds.
  static func resolve(_ endpoint: Endpoint, passive: Bool) throws(TransportError) -> [SocketAddress] {
    guard case .tcp(let host, let port) = endpoint else {
      guard case .unix(let path) = endpoint, path.utf8.count <= Endpoint.maxUnixPathBytes else {
        throw TransportError(.addressInvalid, "\(endpoint): a Unix socket's path has at most 107 bytes")
      }
      return [SocketAddress(unixPath: path)]
    }
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else {
      throw TransportError(.unresolvable, "cannot resolve \(host): \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(list) }
    return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { node in
      guard let info = node?.pointee, let address = info.ai_addr else { return nil }
      return SocketAddress(copying: address, length: info.ai_addrlen)
    }
  }
}

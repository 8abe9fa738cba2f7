import Glibc
import Transport

/// A stream socket of the harness: blocking while it opens, non-blocking under load.
///
/// Does not own its descriptor: whoever holds it closes it, once.
struct LoadSocket {
  /// How long connecting and each read of the opening may take.
  static let openingTimeoutSeconds = 5

  let descriptor: Int32

  /// Connects to the first address of `endpoint` that answers; throws a connection error that says why none does.
  static func connect(to endpoint: Endpoint) throws(BenchError) -> LoadSocket {
    switch endpoint {
    case .unix(let path):
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
      return try withUnsafeBytes(of: &address) { bytes throws(BenchError) in
        try opened(family: AF_UNIX, address: bytes, named: endpoint)
      }
    case .tcp(let host, let port):
      return try connect(host: host, port: port, named: endpoint)
    }
  }

  private static func connect(host: String, port: UInt16, named endpoint: Endpoint) throws(BenchError) -> LoadSocket {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else {
      throw .connection("cannot resolve \(host): \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(list) }
    var failure = BenchError.connection("\(host) has no address")
    var next = list
    while let info = next?.pointee {
      do throws(BenchError) {
        let address = UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
        let socket = try opened(family: info.ai_family, address: address, named: endpoint)
        socket.set(Int32(TCP_NODELAY), level: Int32(IPPROTO_TCP), to: 1)
        return socket
      } catch {
        failure = error
      }
      next = info.ai_next
    }
    throw failure
  }

  private static func opened(
    family: Int32, address: UnsafeRawBufferPointer, named endpoint: Endpoint
  ) throws(BenchError) -> LoadSocket {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .connection("cannot open a socket: \(systemMessage())") }
    let socket = LoadSocket(descriptor: descriptor)
    var timeout = timeval(tv_sec: openingTimeoutSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let result = address.withMemoryRebound(to: sockaddr.self) {
      Glibc.connect(descriptor, $0.baseAddress, socklen_t(address.count))
    }
    guard result == 0 else {
      let reason = systemMessage()
      socket.close()
      throw .connection("cannot connect to \(endpoint): \(reason)")
    }
    return socket
  }

  /// recv(2): the count, 0 at the peer's end, nil when nothing is there now; throws what the system said.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(BenchError) -> Int? {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count >= 0 { return count }
      if errno == EAGAIN { return nil }
      if errno != EINTR { throw .connection(Self.systemMessage()) }
    }
  }

  /// send(2) without SIGPIPE: how many bytes the socket took, 0 when it takes none now.
  func write(_ bytes: UnsafeRawBufferPointer) throws(BenchError) -> Int {
    while true {
      let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return count }
      if errno == EAGAIN { return 0 }
      if errno != EINTR { throw .connection(Self.systemMessage()) }
    }
  }

  /// From now on reads and writes return at once.
  func stopBlocking() {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  func close() { _ = Glibc.close(descriptor) }

  /// What the last failed call of this thread said.
  static func systemMessage() -> String {
    let number = errno
    return String(cString: strerror(number))
  }

  private func set(_ option: Int32, level: Int32, to value: Int32) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}

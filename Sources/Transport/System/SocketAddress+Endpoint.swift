import Glibc

extension SocketAddress {
  /// The endpoint that this address is, its host in numbers; nil for an unnamed Unix socket or another family.
  var endpoint: Endpoint? {
    withSockaddr { address, length in
      switch Int32(address.pointee.sa_family) {
      case AF_INET, AF_INET6: Self.tcpEndpoint(address, length)
      case AF_UNIX: Self.unixEndpoint(address, length)
      default: nil
      }
    }
  }

  private static func tcpEndpoint(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Endpoint? {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let flags = NI_NUMERICHOST | NI_NUMERICSERV
    guard getnameinfo(address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), flags) == 0,
      let number = UInt16(text(port))
    else { return nil }
    return .tcp(host: text(host), port: number)
  }

  private static func unixEndpoint(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Endpoint? {
    let offset = MemoryLayout<sockaddr_un>.offset(of: \sockaddr_un.sun_path) ?? MemoryLayout<sa_family_t>.size
    let path = UnsafeRawBufferPointer(start: address, count: Int(length)).dropFirst(offset).prefix { $0 != 0 }
    return path.isEmpty ? nil : .unix(path: String(decoding: path, as: UTF8.self))
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

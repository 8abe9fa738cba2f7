/// Where to listen or connect to, as people write it:
///
///     127.0.0.1:7410    shop.example:7410    [::1]:7410    *:7410    unix:/run/gatehouse.sock
///
/// It is a text taken apart, not a resolved address: names are looked up by whoever opens the socket.
public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// A host's name or address (without brackets) and port. `*` means every address of this machine; port 0 lets the
  /// system choose.
  case tcp(host: String, port: UInt16)
  /// The path of a Unix socket, at most 107 bytes (`sockaddr_un`).
  case unix(path: String)

  private static let maximumUnixPathBytes = 107

  /// Takes a text apart; nil when it has no port, the port is over 65535, an IPv6 address lacks its brackets or the
  /// path is too long.
  public init?(_ text: String) {
    if text.hasPrefix("unix:") || text.hasPrefix("/") {
      let path = text.hasPrefix("unix:") ? String(text.dropFirst("unix:".count)) : text
      guard (1...Self.maximumUnixPathBytes).contains(path.utf8.count) else { return nil }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
    self = .tcp(host: String(host), port: port)
  }

  /// The text that `init` reads back.
  public var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

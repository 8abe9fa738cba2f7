/// Where a server listens or a client connects.
///
/// Written `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`.
public enum Endpoint: Sendable, Hashable {
  /// A name or address, and a port; port 0 lets the system choose when listening.
  case tcp(host: String, port: UInt16)
  /// A Unix socket's path, at most `maxUnixPathBytes` bytes.
  case unix(path: String)

  /// The kernel's room for a path (unix(7)), its terminating zero not counted.
  public static let maxUnixPathBytes = 107

  /// The endpoint that `text` names; nil when it has none of the three forms.
  public init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard !path.isEmpty, path.utf8.count <= Self.maxUnixPathBytes else { return nil }
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
    guard !host.isEmpty else { return nil }
    self = .tcp(host: String(host), port: port)
  }
}

extension Endpoint: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

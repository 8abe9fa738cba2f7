import Wire

/// The bytes that a server sends before it closes, in the language of whoever is there.
enum LastWords {
  /// What any peer that is not ours is told.
  static let text = "This port speaks Gatehouse's binary protocol, version 1.\n"

  /// What to send for `failure`; empty when the peer would not read it.
  static func bytes(for failure: ConnectionFailure, state: ServerConnectionMachine.State, lastCall: UInt32) -> [UInt8] {
    switch failure {
    case .opening(.http): return http
    case .opening(.http2): return http2
    case .opening(.tls): return tls
    case .opening(.unknown): return Array(text.utf8)
    case .handshakeTimeout where state == .awaitingMagic: return Array(text.utf8)
    default:
      guard let error = failure.goAway else { return [] }
      return goAway(error, state: state, lastCall: lastCall)
    }
  }

  /// A GO_AWAY; behind the magic when that was not sent yet.
  static func goAway(_ error: RPCError, state: ServerConnectionMachine.State, lastCall: UInt32) -> [UInt8] {
    let header = FrameHeader(.goAway, call: lastCall, value: UInt32(error.code.rawValue))
    return (state == .awaitingMagic ? Opening.magic : []) + header.frame(payload: error.payload)
  }

  private static let http = Array(
    """
    HTTP/1.1 400 Bad Request\r
    Content-Type: text/plain; charset=utf-8\r
    Content-Length: \(text.utf8.count)\r
    Connection: close\r
    \r
    \(text)
    """.utf8)

  /// An empty SETTINGS, which must come first (RFC 9113, 3.4), then GOAWAY (6.8) for stream 0 with
  /// HTTP_1_1_REQUIRED (13) and the text as debug data.
  private static let http2: [UInt8] = {
    let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    let length = 8 + text.utf8.count
    let header: [UInt8] = [0, UInt8(length >> 8), UInt8(length & 0xFF), 7, 0, 0, 0, 0, 0]
    return settings + header + [0, 0, 0, 0, 0, 0, 0, 13] + Array(text.utf8)
  }()

  /// A TLS alert (RFC 8446, 6): version 1.2 on the record, two bytes, fatal, handshake_failure (40).
  private static let tls: [UInt8] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]
}

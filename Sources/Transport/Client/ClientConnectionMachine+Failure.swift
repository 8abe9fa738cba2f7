import Wire

extension ClientConnectionMachine.Failure {
  /// What calls in flight are told.
  var error: RPCError { RPCError(.unavailable, "\(self)") }
}

extension ClientConnectionMachine.Failure: CustomStringConvertible {
  var description: String {
    switch self {
    case .frame(let error): "the server broke the protocol: \(error)"
    case .wrongSide(let kind): "the server broke the protocol: a \(kind) frame is not a server's to send"
    case .helloMissing: "the server broke the protocol: its first frame is not HELLO"
    case .helloRepeated: "the server broke the protocol: HELLO was sent twice"
    case .helloMalformed: "the server broke the protocol: HELLO's payload is malformed"
    case .protocolVersion(let version): "the server speaks protocol version \(version), which is not spoken here"
    case .notTheProtocol: "whoever listens there does not speak Gatehouse's protocol"
    case .connectTimeout: "connecting took too long"
    case .keepaliveTimeout: "the server gives no sign of life"
    }
  }
}

import GatehouseProtocol
import Wire

/// Bytes as a request, read in place and by the decoder: the same verdict, the same values bit for bit.
struct ViewTarget: FuzzTarget {
  static let name = "views"

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first else { return }
    let message = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    if choice & 1 == 0 {
      compare(message) { () throws(WireError) in EvaluateRequest(try EvaluateRequestView(message), in: message) }
    } else {
      compare(message) { () throws(WireError) in
        RecordActivityRequest(try RecordActivityRequestView(message), in: message)
      }
    }
  }

  private func compare<Message: ProtobufMessage>(
    _ bytes: UnsafeRawBufferPointer, _ view: () throws(WireError) -> Message
  ) {
    let decoded = Result { try ProtobufDecoder().decode(Message.self, from: bytes) }
    switch (Result(catching: view), decoded) {
    case (.success(let viewed), .success(let decoded)):
      // Compared as they are written, so that NaN equals itself and -0.0 is not 0.0.
      guard let viewed = try? ProtobufEncoder().encode(viewed), let decoded = try? ProtobufEncoder().encode(decoded)
      else { refute("what was read cannot be written") }
      require(viewed == decoded, "the view shows \(viewed), the decoder makes \(decoded)")
    case (.failure(let error), _) where error.code == .needsCanonicalForm: break
    case (.failure, .failure): break
    case (let viewed, let decoded): refute("the view says \(viewed), the decoder \(decoded)")
    }
  }

  static func seeds() -> [[UInt8]] {
    MessageSeeds.vectors(of: ["EvaluateRequest"]).map { [0] + $0 }
      + MessageSeeds.vectors(of: ["RecordActivityRequest"]).map { [1] + $0 }
  }
}

/// Bytes that are no frame of this protocol. The receiver sends GO_AWAY with `code` and closes.
public enum FrameError: Error, Sendable, Hashable {
  /// The length cannot hold a header.
  case tooShort(length: UInt32)
  /// The payload is longer than the receiver accepts, in bytes.
  case tooLong(payloadByteCount: Int, limit: Int)
  /// A kind that this version does not have.
  case unknownKind(UInt8)
  /// Flags that the kind does not define.
  case undefinedFlags(FrameKind, UInt8)
  /// A field or the payload is not what the kind requires.
  case wrongShape(FrameKind, Shape)

  /// What a kind requires of its fields.
  public enum Shape: String, Sendable, Hashable {
    case methodMustBeZero = "its method must be 0"
    case callMustBeZero = "its call id must be 0"
    case callMustNotBeZero = "its call id must not be 0"
    case valueMustBeZero = "its value must be 0"
    case valueMustNotBeZero = "its value must be 1 or more"
    case valueMustBeStatus = "its value must be a status code"
    case payloadMustBeEmpty = "it must have no payload"
    case payloadMustBeShort = "its payload must be at most 64 bytes"
  }

  /// The status that the GO_AWAY carries.
  public var code: StatusCode {
    if case .tooLong = self { .resourceExhausted } else { .invalidArgument }
  }
}

extension FrameError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooShort(let length):
      "a frame's length is \(length), which is below the header's \(FrameHeader.minLength)"
    case .tooLong(let count, let limit): "a frame's payload of \(count) bytes is above the limit of \(limit)"
    case .unknownKind(let kind): "\(kind) is no kind of frame"
    case .undefinedFlags(let kind, let flags): "a \(kind) frame has flags \(flags), of which it defines none"
    case .wrongShape(let kind, let reason): "a \(kind) frame has the wrong shape: \(reason.rawValue)"
    }
  }
}

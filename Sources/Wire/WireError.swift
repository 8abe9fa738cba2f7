/// Why bytes are not the message they are said to be, or why a value cannot become one.
///
/// None of these goes away by trying again with the same bytes, but for `needsCanonicalForm`, which says how.
public struct WireError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Code: UInt8, Sendable {
    /// The bytes end inside a tag, a number or a fixed-width value.
    case truncated
    /// A varint goes on after its tenth byte, a tag's after its fifth.
    case varintTooLong
    /// A tag has the field number 0 or is larger than 32 bits.
    case invalidFieldNumber
    /// A tag has the wire type 6 or 7.
    case invalidWireType
    /// A group ends that was not begun, or another one than was begun.
    case unexpectedEndGroup
    /// A group is not ended.
    case unterminatedGroup
    /// A length reaches past the end of what holds it.
    case lengthPastEnd
    /// A text is not valid UTF-8.
    case invalidUTF8
    /// Messages and groups are nested deeper than `WireLimits.maximumNesting`.
    case nestingTooDeep
    /// The message is larger than the limit it is read or written under.
    case messageTooLarge
    /// A Swift property and its entry in the message's schema do not fit: a mistake in the message's code.
    case schemaMismatch
    /// The buffer given to write into is full: give a larger one.
    case bufferFull
    /// A view cannot show a nested message with repeated fields that comes in several pieces: decode the message with
    /// `ProtobufDecoder`, encode it again, and view that.
    case needsCanonicalForm
  }

  /// What is wrong.
  public let code: Code

  /// Where: bytes from the message's begin. For `bufferFull` and other errors of writing: bytes written so far.
  public let offset: Int

  /// The path of the field as the contract spells it (`activity.location.country`); empty when it is not known.
  public let path: String

  /// An error without a path.
  public init(_ code: Code, at offset: Int, path: String = "") {
    self.code = code
    self.offset = offset
    self.path = path
  }

  /// The same error as seen from the message whose field `name` holds the one it was found in.
  func within(_ name: String) -> WireError {
    WireError(code, at: offset, path: path.isEmpty ? name : "\(name).\(path)")
  }
}

extension WireError: CustomStringConvertible {
  public var description: String {
    "\(code.words) at byte \(offset)" + (path.isEmpty ? "" : " in \(path)")
  }
}

extension WireError.Code {
  /// For people who look for the mistake: what is wrong, to be followed by where.
  var words: String {
    switch self {
    case .truncated: "the bytes end within a value"
    case .varintTooLong: "a varint is too long"
    case .invalidFieldNumber: "there is no such field number"
    case .invalidWireType: "there is no such wire type"
    case .unexpectedEndGroup: "a group ends that was not begun"
    case .unterminatedGroup: "a group is not ended"
    case .lengthPastEnd: "a length reaches past the end"
    case .invalidUTF8: "a text is not valid UTF-8"
    case .nestingTooDeep: "messages are nested deeper than \(WireLimits.maximumNesting)"
    case .messageTooLarge: "the message is too large"
    case .schemaMismatch: "a property and its schema do not fit"
    case .bufferFull: "the buffer is full"
    case .needsCanonicalForm: "a nested message comes in several pieces"
    }
  }
}

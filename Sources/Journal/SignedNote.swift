/// C2SP signed-note: a text and the signatures under it. Parsing proves nothing; see `NoteVerifier`.
public struct SignedNote: Equatable, Sendable {
  public static let maximumBytes = 64 << 10
  public static let maximumSignatures = 64

  public struct Signature: Equatable, Sendable {
    public let keyName: String
    public let keyID: UInt32
    /// What follows the key id, in the form of the signature's type.
    public let bytes: [UInt8]
  }

  /// The signed text, with its last newline and without the blank line.
  public let text: String
  public var signatures: [Signature]

  public init(text: String, signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  /// - Throws: `.checkpoint` if the bytes are not a signed note.
  public init(parsing bytes: [UInt8]) throws(JournalError) {
    let malformed = JournalError(.checkpoint, "not a signed note")
    guard bytes.count <= Self.maximumBytes, !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A }),
      let note = String(validating: bytes, as: UTF8.self)
    else { throw malformed }
    let characters = Array(note.utf8)
    guard let end = Self.lastBlankLine(characters), characters.last == 0x0A else { throw malformed }
    text = String(decoding: characters[...end], as: UTF8.self)
    var found: [Signature] = []
    for line in characters[(end + 2)...].dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
      guard found.count < Self.maximumSignatures, let signature = Signature(line: String(decoding: line, as: UTF8.self))
      else { throw malformed }
      found.append(signature)
    }
    if found.isEmpty { throw malformed }
    signatures = found
  }

  /// Where the last pair of newlines begins.
  private static func lastBlankLine(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 3 else { return nil }
    return (0..<bytes.count - 1).last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
  }

  /// The note as it is stored and sent.
  public var encoded: [UInt8] { Array((text + "\n" + signatures.map(\.line).joined()).utf8) }

  /// Whether `name` may name a key: not empty, without blanks and plus.
  static func isKeyName(_ name: String) -> Bool {
    !name.isEmpty && !name.unicodeScalars.contains { $0.properties.isWhitespace || $0 == "+" || $0.value < 0x20 }
  }
}

extension SignedNote.Signature {
  private static let dash = "\u{2014} "

  init?(line: String) {
    guard line.hasPrefix(Self.dash) else { return nil }
    let parts = line.dropFirst(Self.dash.count).split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, SignedNote.isKeyName(String(parts[0])), let bytes = Base64.decode(parts[1]), bytes.count > 4
    else { return nil }
    keyName = String(parts[0])
    keyID = bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
    self.bytes = Array(bytes[4...])
  }

  /// The signature's line, with its newline.
  var line: String {
    let id = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * UInt32($0))) }
    return "\(Self.dash)\(keyName) \(Base64.encode(id + bytes))\n"
  }
}

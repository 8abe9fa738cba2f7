/// A public key that signs notes under a name: C2SP signed-note's verifier key.
public struct NoteVerifier: Equatable, Sendable, CustomStringConvertible {
  /// How the key signs.
  public enum Kind: UInt8, Sendable {
    /// The note's text itself (signed-note).
    case ed25519 = 0x01
    /// A witness's cosignature: a time and the text (tlog-cosignature).
    case cosignature = 0x04
  }

  public let name: String
  public let kind: Kind
  public let publicKey: [UInt8]
  public let keyID: UInt32

  init(name: String, kind: Kind, publicKey: [UInt8]) {
    self.name = name
    self.kind = kind
    self.publicKey = publicKey
    keyID = Self.keyID(name, kind, publicKey)
  }

  /// From a vkey: name, key id in hexadecimal, base64 of type and key, joined by plus signs.
  /// - Throws: `.key` if it is malformed, of another type, or its id is not that of its key.
  public init(vkey: String) throws(JournalError) {
    let parts = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, SignedNote.isKeyName(String(parts[0])), let key = Base64.decode(parts[2]),
      key.count == 1 + Ed25519.publicKeyBytes, let kind = Kind(rawValue: key[0])
    else { throw JournalError(.key, "not an Ed25519 verifier key: \(vkey)") }
    self.init(name: String(parts[0]), kind: kind, publicKey: Array(key[1...]))
    guard parts[1] == Self.hexadecimal(keyID) else {
      throw JournalError(.key, "the key id of \(vkey) is not that of its key")
    }
  }

  /// The vkey.
  public var description: String {
    "\(name)+\(Self.hexadecimal(keyID))+\(Base64.encode([kind.rawValue] + publicKey))"
  }

  /// Whether the note carries a valid signature of this key.
  /// - Throws: `.checkpoint` if it carries one of this name and id that does not verify: the note is to be rejected.
  public func verify(_ note: SignedNote) throws(JournalError) -> Bool {
    var verified = false
    for signature in note.signatures where signature.keyName == name && signature.keyID == keyID {
      guard verifies(signature.bytes, note.text) else {
        throw JournalError(.checkpoint, "the signature of \(name) does not verify")
      }
      verified = true
    }
    return verified
  }

  private func verifies(_ signature: [UInt8], _ text: String) -> Bool {
    switch kind {
    case .ed25519:
      return Ed25519.verify(signature, of: Array(text.utf8), publicKey: publicKey)
    case .cosignature:
      guard signature.count == 8 + Ed25519.signatureBytes else { return false }
      let seconds = signature[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard seconds <= UInt64(Int64.max) else { return false }
      let message = Self.cosigned(text, seconds: seconds)
      return Ed25519.verify(Array(signature[8...]), of: message, publicKey: publicKey)
    }
  }

  /// What a witness signs: C2SP tlog-cosignature, "Ed25519 signed message".
  static func cosigned(_ text: String, seconds: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(seconds)\n\(text)".utf8)
  }

  private static func keyID(_ name: String, _ kind: Kind, _ publicKey: [UInt8]) -> UInt32 {
    SHA256.hash(Array(name.utf8) + [0x0A, kind.rawValue] + publicKey).bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A key as people tell it from others: name and key id, as its vkey begins.
  static func named(_ name: String, _ keyID: UInt32) -> String { "\(name)+\(hexadecimal(keyID))" }

  private static func hexadecimal(_ id: UInt32) -> String {
    let digits = String(id, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}

/// A private key that signs notes under a name.
public struct NoteSigner: Sendable {
  private let seed: [UInt8]
  public let verifier: NoteVerifier

  /// - Parameter seed: RFC 8032's private key, 32 bytes.
  /// - Throws: `.key` if the name or the seed cannot be used.
  public init(name: String, seed: [UInt8]) throws(JournalError) {
    guard SignedNote.isKeyName(name) else { throw JournalError(.key, "\"\(name)\" cannot name a key") }
    guard let publicKey = Ed25519.publicKey(seed: seed) else { throw JournalError(.key, "not an Ed25519 key") }
    self.seed = seed
    verifier = NoteVerifier(name: name, kind: .ed25519, publicKey: publicKey)
  }

  /// The signature of a text that ends in a newline.
  /// - Throws: `.key` if libcrypto cannot sign.
  public func sign(_ text: String) throws(JournalError) -> SignedNote.Signature {
    guard let bytes = Ed25519.sign(Array(text.utf8), seed: seed) else {
      throw JournalError(.key, "libcrypto cannot sign")
    }
    return SignedNote.Signature(keyName: verifier.name, keyID: verifier.keyID, bytes: bytes)
  }
}

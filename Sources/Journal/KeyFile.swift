/// The signing keys on disk; Protocol/journal.md, "Keys".
enum KeyFile {
  static let path = "key.pem"
  static let previousPath = "key-previous.pem"
  static let verifierPath = "key.vkey"
  static let permissions: UInt16 = 0o600
  /// RFC 8410's PKCS #8 of an Ed25519 key is these bytes and the seed.
  private static let prefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let first = "-----BEGIN PRIVATE KEY-----"
  private static let last = "-----END PRIVATE KEY-----"

  /// The signers there are, the current one first; makes the current one if it is missing and may be made.
  /// - Parameter mayMake: whether the log has signed nothing yet; while a key is being rotated one is made all the same.
  /// - Throws: `.key` if a key is malformed, may be read by others, or is missing although something was signed.
  static func load(from storage: any Storage, name: String, mayMake: Bool) throws(JournalError) -> [NoteSigner] {
    let previous = try read(previousPath, from: storage)
    var seed = try read(path, from: storage)
    if seed == nil, mayMake || previous != nil { seed = try make(in: storage) }
    guard let seed else {
      throw JournalError(.key, "\(path) is missing, with which \(Checkpoint.path) was signed: put it back")
    }
    let signer = try NoteSigner(name: name, seed: seed)
    guard let previous else { return [signer] }
    return [signer, try NoteSigner(name: name, seed: previous)]
  }

  /// Writes the verifier key for those who check, unless it is there.
  static func publish(_ verifier: NoteVerifier, in storage: any Storage) throws(JournalError) {
    try storing { () throws(StorageError) in
      let line = Array("\(verifier)\n".utf8)
      if try storage.contents(of: verifierPath) != line { try storage.replace(verifierPath, with: line) }
    }
  }

  private static func read(_ path: String, from storage: any Storage) throws(JournalError) -> [UInt8]? {
    let found = try storing { () throws(StorageError) -> (bytes: [UInt8], permissions: UInt16)? in
      guard let bytes = try storage.contents(of: path) else { return nil }
      return (bytes, try storage.open(path, .read).permissions())
    }
    guard let found else { return nil }
    guard found.permissions & 0o077 == 0 else {
      throw JournalError(
        .key, "\(path) may be read by others: give it mode 0600, or make a new key if it may have been read")
    }
    guard let seed = decode(found.bytes) else { throw JournalError(.key, "\(path) is not an Ed25519 key in PKCS #8") }
    return seed
  }

  private static func make(in storage: any Storage) throws(JournalError) -> [UInt8] {
    guard let seed = Ed25519.randomSeed() else { throw JournalError(.key, "libcrypto has no random bytes") }
    try storing { () throws(StorageError) in
      try storage.replace(path, with: encode(seed), permissions: permissions)
    }
    return seed
  }

  static func encode(_ seed: [UInt8]) -> [UInt8] {
    Array("\(first)\n\(Base64.encode(prefix + seed))\n\(last)\n".utf8)
  }

  static func decode(_ bytes: [UInt8]) -> [UInt8]? {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.count == 3, lines[0] == first, lines[2] == last, let key = Base64.decode(lines[1]),
      key.starts(with: prefix), key.count == prefix.count + Ed25519.seedBytes
    else { return nil }
    return Array(key[prefix.count...])
  }
}

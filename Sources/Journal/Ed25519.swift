import COpenSSL

/// RFC 8032 Ed25519, by libcrypto.
enum Ed25519 {
  static let seedBytes = 32
  static let publicKeyBytes = 32
  static let signatureBytes = 64

  /// The public key of a seed, or nil if libcrypto refuses.
  static func publicKey(seed: [UInt8]) -> [UInt8]? {
    withPrivateKey(seed) { key in
      var bytes = [UInt8](repeating: 0, count: publicKeyBytes)
      var count = bytes.count
      guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == bytes.count else { return nil }
      return bytes
    }
  }

  static func sign(_ message: [UInt8], seed: [UInt8]) -> [UInt8]? {
    withPrivateKey(seed) { key in
      guard let context = EVP_MD_CTX_new() else { return nil }
      defer { EVP_MD_CTX_free(context) }
      var signature = [UInt8](repeating: 0, count: signatureBytes)
      var count = signature.count
      guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
        EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == signature.count
      else { return nil }
      return signature
    }
  }

  static func verify(_ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == signatureBytes, publicKey.count == publicKeyBytes,
      let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
    else { return false }
    defer { EVP_PKEY_free(key) }
    guard let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  private static func withPrivateKey<T>(_ seed: [UInt8], _ body: (OpaquePointer) -> T?) -> T? {
    guard seed.count == seedBytes, let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
    else { return nil }
    defer { EVP_PKEY_free(key) }
    return body(key)
  }

  /// Thirty-two bytes from libcrypto's generator, or nil if it has no entropy.
  static func randomSeed() -> [UInt8]? {
    var seed = [UInt8](repeating: 0, count: seedBytes)
    return RAND_bytes(&seed, Int32(seed.count)) == 1 ? seed : nil
  }
}

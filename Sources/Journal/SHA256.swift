import COpenSSL

/// Plain SHA-256, for what is not the tree: key ids and the empty root.
enum SHA256 {
  static func hash(_ bytes: [UInt8]) -> MerkleHash {
    var result = MerkleHash()
    result.withUnsafeMutableBytes { digest in
      bytes.withUnsafeBytes { bytes in
        // Cannot fail: the digest is built in and the output is 32 bytes long.
        _ = COpenSSL.SHA256(bytes.baseAddress, bytes.count, digest.baseAddress)
      }
    }
    return result
  }
}

import COpenSSL

/// RFC 6962 section 2.1: how leaves and nodes are hashed, and the root of a list of subtrees.
public enum MerkleTree {
  /// The root of the tree without entries: SHA-256 of nothing.
  public static var emptyRoot: MerkleHash { SHA256.hash([]) }

  /// The hash of an entry as a leaf: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: UnsafeRawBufferPointer) -> MerkleHash {
    var result = MerkleHash()
    result.withUnsafeMutableBytes { co_sha256_leaf(0, entry.baseAddress, entry.count, $0.baseAddress) }
    return result
  }

  /// The hash of an entry as a leaf: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: [UInt8]) -> MerkleHash { entry.withUnsafeBytes { leaf($0) } }

  /// The hash above two others: SHA-256(0x01 ‖ left ‖ right).
  public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
    var result = MerkleHash()
    result.withUnsafeMutableBytes { digest in
      left.withUnsafeBytes { left in
        right.withUnsafeBytes { right in
          co_sha256_node(1, left.baseAddress, right.baseAddress, digest.baseAddress)
        }
      }
    }
    return result
  }

  /// The root over subtrees of equal size, of which only the last may be smaller; the empty root if there are none.
  public static func root(over subtrees: some Collection<MerkleHash>) -> MerkleHash {
    var level = Array(subtrees)
    return level.withUnsafeMutableBufferPointer { root(consuming: $0) }
  }

  /// The same, allocating nothing: the hashes of each level take the place of those below.
  ///
  /// Pairs from the left and carries an odd last one up: the same tree as RFC 6962's split at the largest power of two.
  static func root(consuming level: UnsafeMutableBufferPointer<MerkleHash>) -> MerkleHash {
    var count = level.count
    if count == 0 { return emptyRoot }
    while count > 1 {
      for pair in 0..<count / 2 { level[pair] = node(level[2 * pair], level[2 * pair + 1]) }
      if count % 2 == 1 { level[count / 2] = level[count - 1] }
      count -= count / 2
    }
    return level[0]
  }
}

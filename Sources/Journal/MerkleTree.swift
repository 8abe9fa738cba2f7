import COpenSSL

/// RFC 6962 section 2.1: how leaves and nodes are hashed, and the root of a list of subtrees.
public enum MerkleTree {
  /// The root of the tree without entries: SHA-256 of nothing.
  public static var emptyRoot: MerkleHash { SHA256.hash([]) }

  /// The hash of an entry as a leaf: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: UnsafeRawBufferPointer) -> MerkleHash {
    hash(0, entry, UnsafeRawBufferPointer(start: nil, count: 0))
  }

  /// The hash of an entry as a leaf: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: [UInt8]) -> MerkleHash { entry.withUnsafeBytes { leaf($0) } }

  /// The hash above two others: SHA-256(0x01 ‖ left ‖ right).
  public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
    left.withUnsafeBytes { left in right.withUnsafeBytes { right in hash(1, left, right) } }
  }

  /// The root over subtrees of equal size, of which only the last may be smaller; the empty root if there are none.
  ///
  /// Pairs from the left and carries an odd last one up: the same tree as RFC 6962's split at the largest power of two.
  public static func root(over subtrees: some Collection<MerkleHash>) -> MerkleHash {
    var level = Array(subtrees)
    if level.isEmpty { return emptyRoot }
    while level.count > 1 {
      for pair in 0..<level.count / 2 { level[pair] = node(level[2 * pair], level[2 * pair + 1]) }
      if level.count % 2 == 1 { level[level.count / 2] = level[level.count - 1] }
      level.removeLast(level.count / 2)
    }
    return level[0]
  }

  private static func hash(_ first: UInt8, _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> MerkleHash {
    var result = MerkleHash()
    result.withUnsafeMutableBytes { digest in
      co_sha256(first, a.baseAddress, a.count, b.baseAddress, b.count, digest.baseAddress)
    }
    return result
  }
}

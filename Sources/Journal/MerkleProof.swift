/// Inclusion and consistency, verified from hashes alone (RFC 9162 sections 2.1.3.2 and 2.1.4.2; the same proofs as RFC 6962's).
public enum MerkleProof {
  /// No proof in a tree of up to 2^64 leaves is longer.
  public static let maximumHashes = 128

  /// Whether `proof` shows that the leaf stands at `index` in the tree of `size` leaves with the root `root`.
  public static func verifyInclusion(
    of leaf: MerkleHash, at index: UInt64, size: UInt64, root: MerkleHash, proof: [MerkleHash]
  ) -> Bool {
    guard index < size, proof.count <= maximumHashes else { return false }
    var position = index
    var last = size - 1
    var hash = leaf
    for sibling in proof {
      if last == 0 { return false }
      if position & 1 == 1 || position == last {
        hash = MerkleTree.node(sibling, hash)
        // The last node of a level with an odd count has no sibling there: it moves up unchanged.
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        hash = MerkleTree.node(hash, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether `proof` shows that the tree of `newSize` leaves begins with the tree of `oldSize` leaves.
  public static func verifyConsistency(
    from oldSize: UInt64, _ oldRoot: MerkleHash, to newSize: UInt64, _ newRoot: MerkleHash, proof: [MerkleHash]
  ) -> Bool {
    guard oldSize <= newSize, proof.count <= maximumHashes else { return false }
    if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
    if oldSize == 0 { return proof.isEmpty && oldRoot == MerkleTree.emptyRoot }
    // An old tree that is one complete subtree is its own first node and is left out of the proof.
    var path = proof[...]
    guard let first = oldSize & (oldSize - 1) == 0 ? oldRoot : path.popFirst() else { return false }
    var position = oldSize - 1
    var last = newSize - 1
    while position & 1 == 1 {
      position >>= 1
      last >>= 1
    }
    var old = first
    var new = first
    for sibling in path {
      if last == 0 { return false }
      if position & 1 == 1 || position == last {
        old = MerkleTree.node(sibling, old)
        new = MerkleTree.node(sibling, new)
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        new = MerkleTree.node(new, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && old == oldRoot && new == newRoot
  }
}

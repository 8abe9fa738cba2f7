/// A receipt: C2SP tlog-proof, what it takes to show offline that an entry is in the log.
public struct LogProof: Equatable, Sendable {
  static let title = "c2sp.org/tlog-proof@v1"
  public static let maximumBytes = SignedNote.maximumBytes + 16384

  /// Where the entry stands.
  public let index: UInt64
  /// Opaque, and not covered by any signature.
  public let extra: [UInt8]?
  /// From the leaf's sibling to the root's child.
  public let hashes: [MerkleHash]
  /// The signed checkpoint, verbatim.
  public let note: [UInt8]

  public init(index: UInt64, extra: [UInt8]? = nil, hashes: [MerkleHash], note: [UInt8]) {
    self.index = index
    self.extra = extra
    self.hashes = hashes
    self.note = note
  }

  /// The content of a `.tlog-proof` file.
  public var encoded: [UInt8] {
    let extraLine = extra.map { "extra \(Base64.encode($0))\n" } ?? ""
    let hashLines = hashes.map { "\($0)\n" }.joined()
    return Array("\(Self.title)\n\(extraLine)index \(index)\n\(hashLines)\n".utf8) + note
  }

  /// - Throws: `.checkpoint` if the bytes are not a tlog-proof.
  public init(parsing bytes: [UInt8]) throws(JournalError) {
    let malformed = JournalError(.checkpoint, "not a tlog-proof")
    guard bytes.count <= Self.maximumBytes, let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popFirst() == Self.title[...] else { throw malformed }
    var extra: [UInt8]?
    if let line = lines.first, line.hasPrefix("extra ") {
      guard let decoded = Base64.decode(line.dropFirst(6)) else { throw malformed }
      extra = decoded
      lines.removeFirst()
    }
    guard let line = lines.popFirst(), line.hasPrefix("index "), let index = UInt64(line.dropFirst(6)),
      String(index) == line.dropFirst(6)
    else { throw malformed }
    var hashes: [MerkleHash] = []
    while let line = lines.popFirst(), !line.isEmpty {
      guard hashes.count < MerkleProof.maximumHashes, let hash = Base64.decode(line).flatMap({ MerkleHash($0) })
      else { throw malformed }
      hashes.append(hash)
    }
    guard !lines.isEmpty else { throw malformed }
    self.init(index: index, extra: extra, hashes: hashes, note: Array(lines.joined(separator: "\n").utf8))
  }

  /// Verifies, with nothing but this, the entry and the log's public keys, that the entry is in the log.
  /// - Returns: the checkpoint that it is in.
  /// - Throws: `.checkpoint` if it is not shown.
  @discardableResult
  public func verify(entry: [UInt8], origin: String, keys: [NoteVerifier]) throws(JournalError) -> Checkpoint {
    let checkpoint = try Checkpoint.verified(note, origin: origin, keys: keys).checkpoint
    let isIncluded = MerkleProof.verifyInclusion(
      of: MerkleTree.leaf(entry), at: index, size: checkpoint.size, root: checkpoint.root, proof: hashes)
    guard isIncluded else { throw JournalError(.checkpoint, "the entry is not what stands at \(index) in the log") }
    return checkpoint
  }
}

/// What a log sends to a witness: C2SP tlog-witness, `POST add-checkpoint`.
///
/// ```
/// old 20852014
/// base64 of a consistency proof's hash, a line each
///
/// the signed checkpoint
/// ```
public struct AddCheckpointRequest: Equatable, Sendable {
  /// C2SP's bound.
  public static let maximumHashes = 63
  public static let maximumBytes = SignedNote.maximumBytes + 4096

  /// The size of the newest checkpoint that the witness has cosigned of this log; 0 if none.
  public let oldSize: UInt64
  /// That the checkpoint's tree begins with the one of `oldSize`; empty if that is 0 or the checkpoint's own.
  public let proof: [MerkleHash]
  /// The signed checkpoint, verbatim.
  public let note: [UInt8]

  public init(oldSize: UInt64, proof: [MerkleHash], note: [UInt8]) {
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
  }

  /// The request's body.
  public var encoded: [UInt8] { Array("old \(oldSize)\n\(proof.map { "\($0)\n" }.joined())\n".utf8) + note }

  /// - Throws: `.checkpoint` if the bytes are not such a request.
  public init(parsing bytes: [UInt8]) throws(JournalError) {
    let malformed = JournalError(.checkpoint, "not a request to add a checkpoint")
    guard bytes.count <= Self.maximumBytes, let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst(), first.hasPrefix("old "), let oldSize = UInt64(first.dropFirst(4)),
      String(oldSize) == first.dropFirst(4)
    else { throw malformed }
    var proof: [MerkleHash] = []
    while let line = lines.popFirst(), !line.isEmpty {
      guard proof.count < Self.maximumHashes, let hash = Base64.decode(line).flatMap({ MerkleHash($0) })
      else { throw malformed }
      proof.append(hash)
    }
    guard !lines.isEmpty else { throw malformed }
    self.init(oldSize: oldSize, proof: proof, note: Array(lines.joined(separator: "\n").utf8))
  }
}

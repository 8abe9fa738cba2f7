/// A SHA-256 hash of the Merkle tree: 32 bytes, held in place, so that an array of hashes is a tile's bytes.
public struct MerkleHash: Hashable, Sendable, CustomStringConvertible {
  public static let byteCount = 32
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// All zero; something to write a hash into.
  init() {}

  /// From exactly 32 bytes, or nil.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
  }

  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  public func withUnsafeBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
    Swift.withUnsafeBytes(of: words, body)
  }

  mutating func withUnsafeMutableBytes(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
    Swift.withUnsafeMutableBytes(of: &words, body)
  }

  public static func == (a: MerkleHash, b: MerkleHash) -> Bool { a.words == b.words }

  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

  /// Base64, as checkpoints and proofs write it.
  public var description: String { Base64.encode(bytes) }
}

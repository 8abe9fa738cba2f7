/// The eight bytes that each side sends first: `GTHS`, CR LF, the opening's version, zero.
public enum Opening {
  /// The magic of this version.
  public static let magic: [UInt8] = [0x47, 0x54, 0x48, 0x53, 0x0D, 0x0A, version, 0x00]
  /// The version of the opening.
  public static let version: UInt8 = 1
  /// The highest version of the frame protocol spoken here.
  public static let protocolVersion: UInt32 = 1
  /// The lowest version of the frame protocol spoken here.
  public static let lowestProtocolVersion: UInt32 = 1

  /// What the first bytes of a stream are.
  public enum Verdict: Sendable, Hashable {
    /// The magic of this version.
    case magic
    /// A Gatehouse peer with another version of the opening.
    case otherVersion(UInt8)
    /// HTTP/0.9 to 1.1.
    case http
    /// HTTP/2's connection preface.
    case http2
    /// A TLS handshake.
    case tls
    /// None of these.
    case unknown
  }

  private static let httpMethods = ["GET ", "POST ", "PUT ", "HEAD", "OPTI", "DELE", "PATC", "CONN", "TRAC"]
    .map { Array($0.utf8) }

  /// What `bytes`, the first of a stream, are; nil when more are needed to tell.
  public static func verdict(_ bytes: UnsafeRawBufferPointer) -> Verdict? {
    if bytes.isEmpty { return nil }
    let signature = magic.prefix(6)
    if bytes.prefix(signature.count).elementsEqual(signature.prefix(bytes.count)) {
      guard bytes.count >= magic.count else { return nil }
      return bytes[6] == version && bytes[7] == 0 ? .magic : .otherVersion(bytes[6])
    }
    for (prefix, verdict) in prefixes where bytes.prefix(prefix.count).elementsEqual(prefix.prefix(bytes.count)) {
      return bytes.count >= prefix.count ? verdict : nil
    }
    return .unknown
  }

  private static let prefixes: [([UInt8], Verdict)] =
    httpMethods.map { ($0, .http) } + [(Array("PRI * HT".utf8), .http2), ([0x16, 0x03], .tls)]
}

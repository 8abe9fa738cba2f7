import Engine
import Windows

/// The records that a server's snapshot is made of (Protocol/journal.md, "What the server's snapshots hold"): kind (1 byte),
/// three bytes 0, length of the body (4 bytes), the body.
enum SnapshotRecord: UInt8 {
  /// Windows of one counter; `EnginePiece.keys`.
  case keys = 1
  /// Remembered answers; `EnginePiece.answers`.
  case answers = 2
  /// Keys that had to give way; `EnginePiece.losses`.
  case losses = 3
  /// First of all: how to read the rest.
  case head = 16
  /// One of the server's own events that is still of account, as it stands in the log.
  case event = 17
  /// From when on windows are whole: of each counter for which that is not always, its identity and a time.
  case coverage = 19
  /// Last of all: how far the log must reach.
  case end = 18

  static let headerBytes = 8

  init(_ piece: EnginePiece) {
    self =
      switch piece {
      case .keys: .keys
      case .answers: .answers
      case .losses: .losses
      }
  }

  /// Appends a record whose body `write` appends.
  static func append(
    _ kind: SnapshotRecord, to bytes: inout [UInt8], _ write: (inout [UInt8]) throws -> Void
  ) rethrows {
    bytes += [kind.rawValue, 0, 0, 0, 0, 0, 0, 0]
    let start = bytes.count
    try write(&bytes)
    bytes.replaceSubrange(start - 4..<start, with: UInt32(bytes.count - start).littleEndianBytes)
  }
}

/// What the rest of a snapshot means: its version, how keys were hashed, and the hasher's secret.
struct SnapshotHead: Equatable {
  static let version: UInt32 = 1
  static let byteCount = 24

  /// `EnginePiece.derivation`.
  var derivation: UInt32
  var key0: UInt64
  var key1: UInt64

  init(derivation: UInt32, key0: UInt64, key1: UInt64) {
    (self.derivation, self.key0, self.key1) = (derivation, key0, key1)
  }

  var bytes: [UInt8] {
    Self.version.littleEndianBytes + derivation.littleEndianBytes + key0.littleEndianBytes + key1.littleEndianBytes
  }

  /// Nil when it is of another version.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount, bytes.littleEndian(at: 0, as: UInt32.self) == Self.version else { return nil }
    derivation = bytes.littleEndian(at: 4)
    key0 = bytes.littleEndian(at: 8)
    key1 = bytes.littleEndian(at: 16)
  }
}

extension Coverage {
  private static let bytesOfCounter = 24

  var bytes: [UInt8] {
    wholeFrom.flatMap { $0.high.littleEndianBytes + $0.low.littleEndianBytes + $1.littleEndianBytes }
  }

  init(_ bytes: UnsafeRawBufferPointer) {
    self.init()
    for start in stride(from: 0, through: bytes.count - Self.bytesOfCounter, by: Self.bytesOfCounter) {
      let counter = Hash128(high: bytes.littleEndian(at: start), low: bytes.littleEndian(at: start + 8))
      wholeFrom[counter] = bytes.littleEndian(at: start + 16)
    }
  }
}

/// Puts records together again from pieces that end anywhere.
struct SnapshotRecords {
  /// A record longer than this is damage.
  static let maxBodyBytes = 64 << 20

  private var rest: [UInt8] = []

  /// Whether the last record is whole.
  var isAtEnd: Bool { rest.isEmpty }

  /// Hands every record that is whole by now to `body`; false when one can be none.
  mutating func add(
    _ piece: UnsafeRawBufferPointer, _ body: (SnapshotRecord, UnsafeRawBufferPointer) throws -> Void
  ) rethrows -> Bool {
    rest.append(contentsOf: piece)
    var start = 0
    var isSound = true
    try rest.withUnsafeBytes { bytes in
      while bytes.count - start >= SnapshotRecord.headerBytes {
        let length = Int(bytes.littleEndian(at: start + 4, as: UInt32.self))
        guard let kind = SnapshotRecord(rawValue: bytes[start]), length <= Self.maxBodyBytes else {
          isSound = false
          return
        }
        let bodyStart = start + SnapshotRecord.headerBytes
        guard bytes.count - bodyStart >= length else { return }
        try body(kind, UnsafeRawBufferPointer(rebasing: bytes[bodyStart..<bodyStart + length]))
        start = bodyStart + length
      }
    }
    rest.removeSubrange(..<start)
    return isSound
  }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}

extension UnsafeRawBufferPointer {
  /// The little-endian integer at `offset`, which must lie within.
  func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Integer.Type = Integer.self
  ) -> Integer {
    Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}

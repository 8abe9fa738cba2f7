import Wire

/// Field numbers of `RecordActivityResponse` and `LogEntry` (gatehouse.proto); a test holds the bytes against the
/// generated types.
private enum Tag {
  static let logIndex = WireTag(1, .varint)
  static let createdAt = WireTag(2, .varint)
  static let repeated = WireTag(3, .varint)
  static let durability = WireTag(4, .varint)
  static let tooLate = WireTag(5, .varint)
  static let entryCreatedAt = WireTag(1, .varint)
  static let entryActivity = WireTag(2, .lengthDelimited)
  static let entryDecision = WireTag(3, .lengthDelimited)
}

extension WireWriter {
  /// A `RecordActivityResponse` but for `repeated`.
  mutating func writeRecorded(logIndex: UInt64?, createdAt: Int64, durability: Int32, isTooLate: Bool) {
    if let logIndex {
      writeTag(Tag.logIndex)
      writeVarint(logIndex)
    }
    writeNonZero(Tag.createdAt, createdAt)
    writeNonZero(Tag.durability, Int64(durability))
    writeNonZero(Tag.tooLate, isTooLate ? 1 : 0)
  }

  /// `repeated` of a `RecordActivityResponse`, and `durability` anew behind the first answer's: what stands last counts.
  mutating func writeRepeatedRecord(durability: Int32) {
    writeNonZero(Tag.repeated, 1)
    writeNonZero(Tag.durability, Int64(durability))
  }

  /// A `LogEntry`; `decision` is nil when nothing was asked.
  mutating func writeEntry(createdAt: Int64, activity: UnsafeRawBufferPointer, decision: UnsafeRawBufferPointer?) {
    writeNonZero(Tag.entryCreatedAt, createdAt)
    writeTag(Tag.entryActivity)
    writeBytes(activity)
    if let decision {
      writeTag(Tag.entryDecision)
      writeBytes(decision)
    }
  }
}

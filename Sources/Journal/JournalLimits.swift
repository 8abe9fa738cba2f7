/// The journal's bounds. Memory: two buffers of `bufferBytes`, touched only as far as they fill.
public struct JournalLimits: Sendable {
  /// The longest entry that any configuration takes; the format's limit.
  public static let maximumEntryBytes = 16 << 20

  /// Each of the two batch buffers: how much may wait for one write. Within 64 KiB ... 64 MiB.
  public var bufferBytes = 16 << 20
  /// A segment is closed before it grows beyond this (a single batch may be larger).
  public var segmentBytes: UInt64 = 256 << 20

  public init() {}

  /// What one batch's payload can hold.
  var payloadBytes: Int { min(max(bufferBytes, 64 << 10), BatchHeader.maximumPayloadBytes) }
}

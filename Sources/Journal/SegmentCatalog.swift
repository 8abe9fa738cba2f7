import Synchronization

/// The segments there are, oldest first: written by the writer and by retention, read by everybody who reads entries.
final class SegmentCatalog: Sendable {
  static let directory = "segments"
  private let segments: Mutex<[SegmentInfo]>

  init(_ segments: [SegmentInfo]) { self.segments = Mutex(segments) }

  var all: [SegmentInfo] { segments.withLock { $0 } }

  func append(_ segment: SegmentInfo) { segments.withLock { $0.append(segment) } }

  /// The segment that holds or will hold the entry, or nil if retention has removed it.
  func segment(holding index: UInt64) -> SegmentInfo? {
    segments.withLock { $0.last { $0.firstIndex <= index } }
  }

  /// The segment after the given one.
  func segment(after other: SegmentInfo) -> SegmentInfo? {
    segments.withLock { $0.first { $0.firstIndex > other.firstIndex } }
  }

  /// Segments all of whose entries are below `index`; never the last one.
  func wholly(below index: UInt64) -> [SegmentInfo] {
    segments.withLock { all in zip(all, all.dropFirst()).prefix { $1.firstIndex <= index }.map(\.0) }
  }

  func remove(_ gone: [SegmentInfo]) {
    segments.withLock { all in all.removeAll { gone.contains($0) } }
  }

  /// What the directory holds, by name alone; other names are not segments.
  static func list(in storage: any Storage) throws(StorageError) -> [SegmentInfo] {
    try storage.list(directory).compactMap { SegmentInfo(name: $0) }.sorted { $0.firstIndex < $1.firstIndex }
  }
}

/// A segment's place in the log. Its name says it all.
struct SegmentInfo: Equatable, Sendable {
  static let suffix = ".segment"
  let firstIndex: UInt64

  init(firstIndex: UInt64) { self.firstIndex = firstIndex }

  init?(name: String) {
    guard name.hasSuffix(Self.suffix), name.utf8.count == 20 + Self.suffix.utf8.count,
      let index = UInt64(name.dropLast(Self.suffix.count))
    else { return nil }
    firstIndex = index
  }

  var path: String { "\(SegmentCatalog.directory)/\(paddedDecimal(firstIndex))\(Self.suffix)" }
}

/// Twenty digits, so that names sort as numbers do.
func paddedDecimal(_ number: UInt64) -> String {
  let digits = String(number)
  return String(repeating: "0", count: 20 - digits.utf8.count) + digits
}

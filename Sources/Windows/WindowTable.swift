/// The windows of one counter in one shard: for each key, what its shape keeps of the newest events.
///
///     let table = WindowTable(shape: shape, maximumKeys: 10_000_000)
///     table.prefetch(operations)
///     table.observe(operations, spans: spans, into: readings)
///
/// **Time.** A key's clock never runs backwards: a reading of span w covers (T−w, T], T being the later of the event's own
/// time and the newest time recorded for the key. For events in order this is (t−w, t] of the event's own time. Late
/// events land in their place in time; one that is more than the shape's lateness behind T, or that no span reaches, is
/// not stored and not read. Only so does "N simultaneous calls at limit L: exactly L pass" hold when events arrive out of
/// order, and only so do the K+1 newest times (count) or the K+1 values with the newest times (distinct) decide exactly in
/// bounded memory. Events of the same millisecond count separately. With capacity C a count or distinct reading is exact
/// up to C−1, and "at least C" from there.
///
/// **Retention.** A key may be forgotten once its newest time + longest span + lateness < now, never before, so a caller
/// who refuses events more than the lateness behind now cannot tell. Beyond `maximumKeys` a new key takes the place of
/// another: of a few neighbours in hash order the one with the oldest newest time goes, and `evictedKeys` counts it. Should
/// it come back, its readings are marked `.incomplete` as long as they reach back to what went; see `EvictionLedger`.
///
/// **Layout.** Extendible hashing (Fagin et al. 1979): a directory indexed by the first bits of `key.high` points to
/// segments (see `WindowSegment`), which grow by ⅛ and split in two at 768 keys. So no call ever waits for more than the
/// copy of one segment (or, once in a doubling of the keys, of the directory: 16 bytes for every few hundred keys).
///
/// Not thread-safe and not Sendable: confine a table to its shard's queue. Observing a key that is there allocates nothing
/// as long as its cell fits its slot, and is O(1) amortised memory otherwise.
public final class WindowTable {
  /// How the directory sees a segment: all that finding a key's home takes.
  struct Entry {
    var base: UnsafeMutableRawPointer
    var capacity: UInt32
    var depth: UInt32
  }

  public let shape: WindowShape
  /// The most keys held; beyond it old ones are evicted.
  public let maximumKeys: Int
  /// The keys held.
  public internal(set) var count = 0
  /// The keys that gave their place to others since the table was made.
  public internal(set) var evictedKeys: UInt64 = 0
  /// The events that aggregates which need all of them had to drop for lack of room while a span covered them. Of those
  /// dropped for one key that have the same time, one is counted.
  public internal(set) var droppedEvents: UInt64 = 0
  /// The memory held, in bytes: directory, segments and blocks, the allocator's own words included.
  public var bytes: Int {
    segmentBytes + blockBytes + (ledger?.bytes ?? 0) + allocatedBytes(MemoryLayout<Entry>.stride << directoryDepth)
  }

  let layout: CellLayout
  let limits: WindowLimits
  /// Bytes of a slot: a key and its cell.
  let stride: Int
  /// An empty cell, to read a key that is not there.
  let blank: UnsafeMutablePointer<Int64>

  var directory: UnsafeMutablePointer<Entry>
  /// 2 to this power are the directory's entries; at least 1, so that shifting by `64 − directoryDepth` is defined.
  var directoryDepth = 1
  var segmentBytes = 0
  var blockBytes = 0
  /// There is one as soon as a key had to go.
  var ledger: EvictionLedger?
  var sweepPosition: UInt64 = 0
  var sweepCredit = 0

  /// - Parameter maximumKeys: at least 1; less is taken as 1.
  public init(shape: WindowShape, maximumKeys: Int) {
    self.shape = shape
    self.maximumKeys = max(maximumKeys, 1)
    layout = CellLayout(shape)
    limits = WindowLimits(shape)
    stride = WindowSegment.keyBytes + layout.words * 8
    blank = .allocate(capacity: layout.words)
    blank.initialize(repeating: -1, count: layout.words)
    directory = .allocate(capacity: 2)
    let first = WindowSegment(
      capacity: WindowSegment.smallestCapacity, overflow: WindowSegment.overflowSlots, depth: 0, stride: stride)
    directory.initialize(repeating: Self.entry(first), count: 2)
    segmentBytes = first.bytes(stride: stride)
  }

  deinit {
    forEachSegment { segment in
      segment.forEachSlot(stride: stride) { releaseBlock(of: $0) }
      segment.base.deallocate()
    }
    directory.deallocate()
    blank.deallocate()
  }
}

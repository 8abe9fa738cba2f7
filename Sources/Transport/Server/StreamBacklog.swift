/// The items of one stream between its handler and the connection: bounded in number and bytes. A pure value.
///
/// Invariant: items wait only within the bounds, except that one item alone may be larger than `maxBytes`.
struct StreamBacklog: Sendable {
  private let maxItems: Int
  private let maxBytes: Int
  private(set) var items: [[UInt8]] = []
  private(set) var byteCount = 0
  /// Nothing is accepted any more: the handler returned, or the call is over.
  private(set) var isEnded = false

  init(maxItems: Int, maxBytes: Int) {
    self.maxItems = maxItems
    self.maxBytes = maxBytes
  }

  /// Whether an item of `count` bytes may wait here now.
  func hasRoom(_ count: Int) -> Bool {
    items.isEmpty || (items.count < maxItems && byteCount + count <= maxBytes)
  }

  mutating func append(_ item: [UInt8]) {
    items.append(item)
    byteCount += item.count
  }

  /// The oldest item, taken out; nil when there is none.
  mutating func popFirst() -> [UInt8]? {
    guard !items.isEmpty else { return nil }
    let item = items.removeFirst()
    byteCount -= item.count
    return item
  }

  mutating func end() { isEnded = true }
}

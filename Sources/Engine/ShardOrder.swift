/// Things on their way to the shards: gathered in the order of the calls, then handed out shard by shard, each shard's
/// in the order in which they were gathered (a counting sort).
final class ShardOrder<Element: BitwiseCopyable> {
  let elements: UnsafeMutablePointer<Element>
  private let shardOfElement: UnsafeMutablePointer<UInt8>
  /// Indices of elements, shard by shard.
  private let order: UnsafeMutablePointer<Int32>
  /// Where each shard's begin in `order`; one more than there are shards.
  private let starts: UnsafeMutablePointer<Int>
  private let shards: Int
  private let capacity: Int
  private(set) var count = 0

  init(capacity: Int, shards: Int) {
    self.capacity = max(1, capacity)
    self.shards = shards
    elements = .allocate(capacity: self.capacity)
    shardOfElement = .allocate(capacity: self.capacity)
    order = .allocate(capacity: self.capacity)
    starts = .allocate(capacity: shards + 1)
    starts.initialize(repeating: 0, count: shards + 1)
  }

  deinit {
    elements.deallocate()
    shardOfElement.deallocate()
    order.deallocate()
    starts.deallocate()
  }

  func removeAll() { count = 0 }

  func append(_ element: Element, shard: Int) {
    precondition(count < capacity, "more than a chunk can ask for")
    (elements + count).initialize(to: element)
    (shardOfElement + count).initialize(to: UInt8(truncatingIfNeeded: shard))
    count &+= 1
  }

  /// Sorts what was gathered; `indices(of:)` is valid until the next `append`.
  func sort() {
    starts.update(repeating: 0, count: shards + 1)
    for index in 0..<count { starts[Int(shardOfElement[index]) + 1] &+= 1 }
    for shard in 0..<shards { starts[shard + 1] &+= starts[shard] }
    // Fills each shard's part from its begin, which moves the begins on by one shard; they are moved back after.
    for index in 0..<count {
      let shard = Int(shardOfElement[index])
      (order + starts[shard]).initialize(to: Int32(truncatingIfNeeded: index))
      starts[shard] &+= 1
    }
    for shard in stride(from: shards, to: 0, by: -1) { starts[shard] = starts[shard - 1] }
    starts[0] = 0
  }

  /// Which elements go to the shard, in the order of the calls.
  func indices(of shard: Int) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: order + starts[shard], count: starts[shard + 1] - starts[shard])
  }
}

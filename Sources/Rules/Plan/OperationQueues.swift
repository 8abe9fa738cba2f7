import Windows

/// What a batch of activities asks of the windows, one queue for each counter in each shard: `RuleSet.plan` appends to
/// the queues of the shard that a key belongs to (`Hash128.shard(of:)`), so that every window table finds its operations
/// one after another in the order of the activities.
///
/// The reading `i` of the activity that is number `n` of the batch is `readings[n * maxReadings + i]`.
///
/// Everything that changes lies behind pointers that do not, so that filling it is no exclusive access to its owner.
public struct OperationQueues: ~Copyable {
  public let shards: Int
  public let counters: Int
  /// Room of one queue: a batch may go to one shard, and a counter that looks back takes two operations.
  private let capacity: Int
  private let base: UnsafeMutablePointer<WindowOperation>
  /// By shard and then by counter, the place of the next operation.
  let ends: UnsafeMutablePointer<UnsafeMutablePointer<WindowOperation>>
  let maxActivities: Int

  /// Room for the operations of `maxActivities` activities under `ruleSet`. Pages that are never touched cost nothing.
  public init(for ruleSet: RuleSet, maxActivities: Int, shards: Int) {
    (self.maxActivities, self.shards) = (maxActivities, shards)
    counters = ruleSet.counters.count
    capacity = maxActivities * 2
    base = .allocate(capacity: max(1, capacity * counters * shards))
    ends = .allocate(capacity: max(1, counters * shards))
    for queue in 0..<counters * shards { (ends + queue).initialize(to: base + queue * capacity) }
  }

  deinit {
    ends.deallocate()
    base.deallocate()
  }

  public func removeAll() {
    for queue in 0..<counters * shards { ends[queue] = base + queue * capacity }
  }

  /// The operations on one counter's windows in one shard; valid until the next `removeAll`.
  public func operations(ofShard shard: Int, counter: Int) -> UnsafeBufferPointer<WindowOperation> {
    let queue = shard * counters + counter
    let first = base + queue * capacity
    return UnsafeBufferPointer(start: first, count: ends[queue] - first)
  }

  /// Lets those operations count nowhere that `isHeld` by their window already; by counter and key.
  public func leaveOut(_ isHeld: (_ counter: Int, _ key: Hash128) -> Bool) {
    for queue in 0..<counters * shards {
      var operation = base + queue * capacity
      while operation < ends[queue] {
        if isHeld(queue % counters, operation.pointee.key) { operation.pointee.contribution = .none }
        operation += 1
      }
    }
  }

  /// How many operations the shard has.
  public func count(ofShard shard: Int) -> Int {
    (0..<counters).reduce(0) { $0 + operations(ofShard: shard, counter: $1).count }
  }
}

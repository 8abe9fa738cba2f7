import CLinux
import Synchronization

/// Counts events of one kind, so that threads can wait for the next (an eventcount: Reed and Kanodia, "Synchronization
/// with Eventcounts and Sequencers", 1979). The count wraps around.
///
/// Counting costs some 10 ns when nobody waits. One who waits looks again for a while, for an event is mostly no further
/// away than a chunk's work at a shard, and then sleeps.
///
/// `@unchecked Sendable`: `events` is never changed, what it points to is atomic and lives as long as the count.
final class EventCount: @unchecked Sendable {
  /// What sleepers sleep on (futex(2)), hence at an address of its own.
  private let events: UnsafeMutablePointer<Atomic<UInt32>>
  private let sleepers = Atomic<Int>(0)

  /// How often one looks before it sleeps: some 20 µs.
  private static let looksBeforeSleep = 400

  init() {
    events = .allocate(capacity: 1)
    events.initialize(to: Atomic(0))
  }

  deinit {
    events.deinitialize(count: 1)
    events.deallocate()
  }

  var count: UInt32 { events.pointee.load(ordering: .acquiring) }

  /// Counts an event and wakes who waits for it.
  @inline(__always)
  func advance() {
    _ = events.pointee.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { cl_futex_wake_all(events) }
  }

  /// Waits until so many events were counted.
  @inline(__always)
  func wait(until count: UInt32) {
    if self.count != count { wait { $0 == count } }
  }

  /// Waits until more events were counted.
  func wait(beyond count: UInt32) { wait { $0 != count } }

  @inline(never)
  private func wait(_ isDue: (UInt32) -> Bool) {
    for _ in 0..<Self.looksBeforeSleep {
      if isDue(count) { return }
      cl_pause()
    }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .relaxed) }
    while true {
      let now = events.pointee.load(ordering: .sequentiallyConsistent)
      if isDue(now) { return }
      cl_futex_wait(events, now)
    }
  }
}

import CLinux
import Glibc
import Synchronization

/// A lock that is held in the order in which turns at it were taken (a ticket lock: Mellor-Crummey and Scott, 1991).
///
/// Taking a turn does not wait. So one who needs several locks can take a turn at each of them at once, and is then
/// served everywhere before whoever took theirs later, in whatever order the locks are reached.
///
///     let turn = lock.takeTurn()
///     lock.enter(turn)
///     …
///     lock.leave()
///
/// Every turn that was taken must be entered and left. Costs some 20 ns when nobody else is there. One who comes too
/// early looks again for a while, for that is how long a holder needs, and then sleeps.
///
/// `@unchecked Sendable`: `served` is never changed, what it points to is atomic and lives as long as the lock.
final class TurnLock: @unchecked Sendable {
  private let next = Atomic<UInt32>(0)
  /// The turn that may enter; what sleepers sleep on (futex(2)), hence at an address of its own.
  private let served: UnsafeMutablePointer<Atomic<UInt32>>
  private let sleepers = Atomic<Int>(0)
  /// The thread that holds it; 0 when nobody does.
  private let holder = Atomic<UInt>(0)

  /// How often one looks before it sleeps: some 20 µs, as long as a chunk's work under a lock takes.
  private static let looksBeforeSleep = 400

  init() {
    served = .allocate(capacity: 1)
    served.initialize(to: Atomic(0))
  }

  deinit {
    served.deinitialize(count: 1)
    served.deallocate()
  }

  /// A turn behind all that were taken before.
  @inline(__always)
  func takeTurn() -> UInt32 { next.add(1, ordering: .relaxed).oldValue }

  /// Waits until the turn has come.
  @inline(__always)
  func enter(_ turn: UInt32) {
    if served.pointee.load(ordering: .acquiring) != turn { wait { $0 == turn } }
    holder.store(Self.thread, ordering: .relaxed)
  }

  /// Lets the next turn come.
  @inline(__always)
  func leave() {
    assertHeld()
    holder.store(0, ordering: .relaxed)
    _ = served.pointee.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { cl_futex_wake_all(served) }
  }

  /// Runs `body` as soon as its turn has come.
  func withTurn<Result>(_ body: () throws -> Result) rethrows -> Result {
    enter(takeTurn())
    defer { leave() }
    return try body()
  }

  /// How many turns are over.
  var turnsOver: UInt32 { served.pointee.load(ordering: .acquiring) }

  /// Waits until other turns are over than `turnsOver` said.
  func waitForTurn(after turnsOver: UInt32) { wait { $0 != turnsOver } }

  /// That the calling thread holds it.
  @inline(__always)
  func assertHeld() {
    precondition(holder.load(ordering: .relaxed) == Self.thread, "touched without its turn")
  }

  private static var thread: UInt { UInt(pthread_self()) }

  @inline(never)
  private func wait(until isDue: (UInt32) -> Bool) {
    for _ in 0..<Self.looksBeforeSleep {
      if isDue(served.pointee.load(ordering: .acquiring)) { return }
      cl_pause()
    }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .relaxed) }
    while true {
      let now = served.pointee.load(ordering: .sequentiallyConsistent)
      if isDue(now) { return }
      cl_futex_wait(served, now)
    }
  }
}

import Synchronization

/// Lets through one at a time, in the order of the tickets (a sequencer: Reed and Kanodia, 1979).
///
///     let ticket = turnstile.takeTicket()
///     turnstile.enter(ticket)
///     …
///     turnstile.leave()
///
/// Taking a ticket does not wait. So one who will pass several turnstiles can take a ticket for each of them at once, and
/// passes all of them before whoever took theirs later. Every ticket must be used.
final class Turnstile: Sendable {
  private let tickets = Atomic<UInt32>(0)
  private let passed = EventCount()

  /// A ticket behind all that were taken before.
  @inline(__always)
  func takeTicket() -> UInt32 { tickets.add(1, ordering: .relaxed).oldValue }

  /// Waits until all who hold earlier tickets have left.
  @inline(__always)
  func enter(_ ticket: UInt32) { passed.wait(until: ticket) }

  @inline(__always)
  func leave() { passed.advance() }
}

import Glibc
import Synchronization
import Testing

@testable import Engine

@Suite("Turnstiles let through in the order of the tickets")
struct TurnstileTests {
  /// What is touched behind a turnstile and by nothing else protected.
  ///
  /// `@unchecked Sendable`: touched between `enter` and `leave` only, and after all threads have ended.
  private final class Behind: @unchecked Sendable {
    let turnstile = Turnstile()
    var passes: [Int] = []
  }

  @Test("who takes several tickets at once comes through every turnstile before whoever took theirs later")
  func order() async {
    let (threads, rounds) = (4, 2_000)
    let all = (0..<3).map { _ in Behind() }
    let order = Mutex(0)
    await onThreads(threads) { thread, _ in
      var random = SeededRandom(seed: UInt64(thread))
      for _ in 0..<rounds {
        let wanted = all.indices.filter { _ in random.next() % 2 == 0 }.shuffled(using: &random)
        let (place, tickets) = order.withLock { next in
          defer { next += 1 }
          return (next, wanted.map { all[$0].turnstile.takeTicket() })
        }
        // In ascending order, as all do: tickets in hand while others are waited for must not block them.
        for (index, ticket) in zip(wanted, tickets).sorted(by: { $0.0 < $1.0 }) {
          all[index].turnstile.enter(ticket)
          all[index].passes.append(place)
          all[index].turnstile.leave()
        }
      }
    }
    for behind in all {
      #expect(behind.passes.count > rounds)
      #expect(zip(behind.passes, behind.passes.dropFirst()).allSatisfy { $0 < $1 }, "out of order, or two at once")
    }
  }

  @Test("a sleeper is woken by the event that it waits for, by none before, and by each that goes beyond")
  func wakeUps() async {
    let (asked, answered) = (EventCount(), EventCount())
    let rounds: UInt32 = 300
    let late = Atomic(0)
    await onThreads(2) { thread, _ in
      for round in 1...rounds {
        if thread == 0 {
          // Longer than a waiter looks before it sleeps, in every other round.
          if round.isMultiple(of: 2) { for _ in 0..<2_000 { sched_yield() } }
          asked.advance()
          answered.wait(beyond: round - 1)
          if answered.count < round { late.add(1, ordering: .relaxed) }
        } else {
          asked.wait(until: round)
          if asked.count != round { late.add(1, ordering: .relaxed) }
          answered.advance()
        }
      }
    }
    #expect(late.load(ordering: .relaxed) == 0)
    #expect((asked.count, answered.count) == (rounds, rounds))
  }
}

import Synchronization
import Transport
import Wire

/// Carries calls to a server: connections, deadlines, retries. What the calls mean is `GatehouseClient`'s.
///
/// The decisions are values (`Pool`, `CallMachine`, `RetryBudget`, `TimingWheel`), each behind its own lock; locks are
/// taken in the order call, then one of the others, and completions, sockets and timers run outside of all of them.
final class Channel: Sendable {
  /// What decides about retries.
  struct Chances: Sendable {
    var budget: RetryBudget
    var random: SplitMix64
  }

  let configuration: ClientConfiguration
  let counters = Counters()
  let gate = CallGate()
  let timers: CallTimers
  let pool: Mutex<Pool>
  /// Whether calls wait in the pool: spares every answer a look under its lock.
  let hasWaiting = Atomic<Bool>(false)
  let chances: Mutex<Chances>
  let dialer: Dialer

  init(_ configuration: ClientConfiguration, timers: CallTimers, dialer: Dialer, seed: UInt64) {
    self.configuration = configuration
    self.timers = timers
    self.dialer = dialer
    let plan = ReconnectPlan(
      connections: min(configuration.connections, ClientConfiguration.connectionsLimit),
      servers: configuration.servers.count, backoff: configuration.reconnect)
    pool = Mutex(
      Pool(plan: plan, waitingLimit: max(configuration.waitingCallsLimit, 0), random: SplitMix64(seed: seed)))
    let budget = RetryBudget(ratio: configuration.retry.budgetRatio, reserve: configuration.retry.budgetReserve)
    chances = Mutex(Chances(budget: budget, random: SplitMix64(seed: ~seed)))
  }
}

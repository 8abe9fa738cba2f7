import Glibc

/// What a server's process does about signals and the server's own progress. A value: event in, action out.
///
///     starting ──opened──▶ serving ──SIGTERM, SIGINT──▶ draining ──drained──▶ over (exit 0)
///        │  │                                             ▲  │
///        │  └─────────────SIGTERM, SIGINT─────────────────┘  └──SIGTERM, SIGINT──▶ over (exit 128 + signal)
///        └──failed──▶ over (exit 1)
struct ServeLifecycle: Sendable, Equatable {
  enum Phase: Sendable, Equatable { case starting, serving, draining, over }

  enum Event: Sendable, Equatable {
    case signal(Int32)
    /// The log has been replayed; calls are answered.
    case opened
    /// It cannot be, for a reason that has been said.
    case failed
    /// Every accepted call has been answered, or the time for that is up.
    case drained
  }

  enum Action: Sendable, Equatable {
    /// Tell people and scripts that calls are answered; then take up the rules file, if that was asked for meanwhile.
    case announce(reloads: Bool)
    /// Take up the rules file as it is now.
    case reload
    /// Tell the operator that this is done once calls are answered.
    case postponeReload
    /// Tell the operator what was done so far.
    case report
    /// Accept nothing more and answer what was accepted.
    case drain
    /// End the process with this status.
    case exit(Int32)
    case nothing
  }

  static let signals = [SIGTERM, SIGINT, SIGHUP, SIGUSR1]

  private(set) var phase = Phase.starting
  private var isReloadDue = false

  mutating func handle(_ event: Event) -> Action {
    switch (phase, event) {
    case (.starting, .signal(SIGUSR1)), (.serving, .signal(SIGUSR1)), (.draining, .signal(SIGUSR1)): return .report
    case (.starting, .signal(SIGHUP)):
      isReloadDue = true
      return .postponeReload
    case (.starting, .opened): return enter(.serving, .announce(reloads: isReloadDue))
    case (.starting, .failed): return enter(.over, .exit(1))
    case (.starting, .signal(SIGTERM)), (.starting, .signal(SIGINT)): return enter(.draining, .drain)
    case (.serving, .signal(SIGTERM)), (.serving, .signal(SIGINT)): return enter(.draining, .drain)
    case (.serving, .signal(SIGHUP)): return .reload
    case (.draining, .signal(let number)) where number != SIGHUP: return enter(.over, .exit(128 + number))
    case (.draining, .drained): return enter(.over, .exit(0))
    default: return .nothing
    }
  }

  private mutating func enter(_ phase: Phase, _ action: Action) -> Action {
    self.phase = phase
    return action
  }
}

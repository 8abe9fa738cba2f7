import GatehouseProtocol
import Synchronization
import Transport
import Wire

/// What all the calls of a client share. Apart from `GatehouseClient`, so that its last reference going away closes
/// this.
final class ClientCore: Sendable {
  let configuration: ClientConfiguration
  let channel: Channel
  let recorder: Recorder
  /// Why no call can be made at all; nil if they can.
  let invalid: GatehouseError?
  private let environment: ClientEnvironment
  private let ids: Mutex<ActivityIDSource>
  private let closing = Atomic<Bool>(false)

  init(_ configuration: ClientConfiguration, environment: ClientEnvironment, invalid: GatehouseError? = nil) {
    self.configuration = configuration
    self.invalid =
      configuration.servers.isEmpty ? invalid ?? GatehouseError(.invalidArgument, "no server given") : invalid
    self.environment = environment
    let timers = CallTimers(clock: environment.clock, makeAlarm: environment.makeAlarm)
    channel = Channel(
      configuration, timers: timers, dialer: Dialer(configuration), seed: environment.seed)
    recorder = Recorder(channel, seed: environment.seed &+ 1)
    var random = SystemRandomNumberGenerator()
    ids = Mutex(ActivityIDSource(using: &random))
  }

  var statistics: ClientStatistics {
    var statistics = ClientStatistics()
    channel.counters.report(to: &statistics)
    statistics.inFlight = channel.gate.count
    statistics.connections = channel.pool.withLock { $0.ready.count }
    recorder.report(to: &statistics)
    return statistics
  }

  /// Unix time in milliseconds.
  var unixMilliseconds: Int64 { environment.unixMilliseconds() }

  func makeID() -> String {
    let now = unixMilliseconds
    return ids.withLock { $0.next(at: now) }
  }

  /// Begins to connect.
  func start() {
    if invalid == nil { channel.start() }
  }

  // MARK: The end

  /// Whether nothing new is taken on any more.
  var isClosing: Bool { closing.load(ordering: .relaxed) }

  func close(within limit: Duration) async {
    closing.store(true, ordering: .relaxed)
    let end = channel.timers.deadline(after: limit)
    await withCheckedContinuation { continuation in
      recorder.flush(until: end) { _ in continuation.resume() }
    }
    recorder.close()
    await channel.drain(until: end)
  }

  /// Ends everything at once.
  func shutDown() {
    closing.store(true, ordering: .relaxed)
    recorder.close()
    channel.shutDown()
  }
}

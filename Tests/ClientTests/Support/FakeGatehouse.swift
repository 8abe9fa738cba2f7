import GatehouseProtocol
import Synchronization
import Transport
import Wire

@testable import GatehouseClient

/// A server that answers as the test says. It stands on the real transport; only its judgement is scripted.
final class FakeGatehouse: Sendable {
  /// One call as it arrived.
  struct Seen: Sendable {
    let method: UInt16
    let activity: Activity
    let payload: [UInt8]
    /// The how manyeth of this id, from 1.
    let sending: Int
    let context: CallContext
  }

  /// What a call is answered.
  typealias Script = @Sendable (Seen) async throws(RPCError) -> [UInt8]

  let seen = Log<Seen>()
  let endpoint: Endpoint
  private let server: RPCServer

  /// Listens on a free port of the loopback address, or where it is told.
  init(
    at endpoint: Endpoint = .tcp(host: "127.0.0.1", port: 0), limits: ServerLimits = ServerLimits(),
    _ script: @escaping Script = FakeGatehouse.allow, health: @escaping StreamHandler = { _, _, _ in }
  ) throws {
    var configuration = ServerConfiguration(endpoints: [endpoint])
    configuration.limits = limits
    let seen = seen
    let tally = Tally()
    let handler: UnaryHandler = { context, payload throws(RPCError) in
      let call = try Self.read(context, payload, tally)
      seen.append(call)
      return try await script(call)
    }
    var methods = MethodTable()
    for method: UInt32 in [
      GatehouseMethods.evaluate.id, GatehouseMethods.recordActivity.id, HealthMethods.check.id,
      ReflectionMethods.describe.id,
    ] { methods.addUnary(UInt16(method), handler) }
    methods.addServerStream(UInt16(HealthMethods.watch.id), health)
    server = RPCServer(configuration: configuration, methods: methods, batchHandler: NoBatches())
    self.endpoint = try server.start()[0]
  }

  var counters: ServerCounters { server.counters }

  /// Drains: every accepted call is answered.
  func stop(within time: Duration = .seconds(10)) async { await server.drain(within: time) }

  /// A client of this server, in real time, patient unless told otherwise.
  func client(_ change: (inout ClientConfiguration) -> Void = { _ in }) -> GatehouseClient {
    var configuration = ClientConfiguration(servers: [endpoint])
    configuration.timeout = .seconds(20)
    configuration.reconnect = Backoff(base: .milliseconds(1), cap: .milliseconds(5))
    configuration.retry.backoff = Backoff(base: .milliseconds(1), cap: .milliseconds(1))
    change(&configuration)
    return GatehouseClient(configuration)
  }

  private static func read(_ context: CallContext, _ payload: [UInt8], _ tally: Tally) throws(RPCError) -> Seen {
    var activity = Activity()
    do {
      switch UInt32(context.method) {
      case GatehouseMethods.evaluate.id:
        activity = try ProtobufDecoder().decode(EvaluateRequest.self, from: payload).activity ?? activity
      case GatehouseMethods.recordActivity.id:
        activity = try ProtobufDecoder().decode(RecordActivityRequest.self, from: payload).activity ?? activity
      default: break
      }
    } catch {
      throw RPCError(.invalidArgument, "\(error)")
    }
    let sending = tally.count(activity.id)
    return Seen(method: context.method, activity: activity, payload: payload, sending: sending, context: context)
  }
}

extension FakeGatehouse {
  /// Lets everything pass.
  static let allow: Script = { seen in answer(seen) }

  /// Answers nothing until the call is cancelled or out of time.
  static let hold: Script = { _ throws(RPCError) in
    await untilCancelled()
    throw RPCError(.cancelled, "held until the end")
  }

  /// A well-formed answer to any method.
  static func answer(_ seen: Seen, _ decision: Decision = Decision(outcome: .none)) -> [UInt8] {
    let encoder = ProtobufEncoder()
    let bytes =
      switch UInt32(seen.method) {
      case GatehouseMethods.evaluate.id: try? encoder.encode(decision)
      case HealthMethods.check.id: try? encoder.encode(HealthCheckResponse(status: .serving))
      case ReflectionMethods.describe.id: try? encoder.encode(DescribeResponse(serverVersion: "fake"))
      default: try? encoder.encode(RecordActivityResponse(createdAt: 1))
      }
    return bytes ?? []
  }

  /// Waits until the task is cancelled.
  static func untilCancelled() async {
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    await withTaskCancellationHandler {
      for await _ in stream {}
    } onCancel: {
      continuation.finish()
    }
  }
}

/// Counts by name.
final class Tally: Sendable {
  private let counts = Mutex<[String: Int]>([:])

  /// Counts one more; returns how many there are now.
  func count(_ name: String) -> Int {
    counts.withLock { counts in
      counts[name, default: 0] += 1
      return counts[name, default: 0]
    }
  }

  var all: [String: Int] { counts.withLock { $0 } }
}

/// No method here is batched.
private final class NoBatches: BatchHandler {
  func handle(_ batch: inout CallBatch) {
    for index in 0..<batch.count { batch.refuse(index, RPCError(.unimplemented, "no batches here")) }
  }
}

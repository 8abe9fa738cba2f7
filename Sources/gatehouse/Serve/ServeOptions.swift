import Arguments
import Engine
import GatehouseProtocol
import Server
import Transport

/// The options of `gatehouse serve`. Their defaults are those of the rooms that they are for.
enum ServeOptions {
  /// What a record has reached when it is answered; the contract's `Durability` by the names that flags use.
  enum DurabilityLevel: String, CaseIterable, Sendable { case buffered, written, durable }

  private static let defaults = GatehouseConfiguration(
    endpoints: [.tcp(host: "127.0.0.1", port: ConnectionOptions.defaultPort)], rulesPath: "")
  private static let limits = defaults.transport.limits
  private static let engine = defaults.engine

  // MARK: What and where

  static let listen = Option<[Endpoint]>(
    list: "listen", .endpoint, default: defaults.transport.endpoints, short: "l",
    help: "Where to listen; with port 0 the system chooses one")
  static let rules = Option<String?>("rules", .file, short: "r", help: "The rules file; it must be given")
  static let data = Option<String?>(
    "data", .directory, short: "d", help: "Where the log lives; absent, nothing outlives the process")
  static let origin = Option<String>(
    "log-origin", .string, default: defaults.origin,
    help: "The log's name in its checkpoints, a URL without scheme, yours alone; never change it once a log exists")
  static let readyFile = Option<String?>(
    "ready-file", .file, help: "Write the addresses to this file, one a line, once calls are answered")

  // MARK: Meaning

  static let durability = Option<DurabilityLevel>(
    "durability", .choice, default: .written,
    help: "What a record has reached when it is answered, unless the call says otherwise")
  static let maxFutureSkew = Option<Duration>(
    "max-future-skew", .duration(in: .zero ... .seconds(86_400)),
    default: .milliseconds(engine.allowedSkewMilliseconds), help: "How far an activity's own time may lie in the future"
  )
  static let maxLateness = Option<Duration>(
    "max-lateness", .duration(in: .zero ... .seconds(400 * 86_400)),
    default: .milliseconds(defaults.latenessMilliseconds),
    help: "How late an activity may come and still be counted in its place; keys are remembered so much longer")
  static let rememberIDs = Option<Duration>(
    "remember-ids", .duration(in: .seconds(1) ... .seconds(400 * 86_400)), default: .seconds(engine.retentionSeconds),
    help: "How long an activity's id is remembered, so that a retry never counts twice")

  static let keepFor = Option<Duration>(
    "keep-for", .duration(in: .zero ... .seconds(36_600 * 86_400)),
    default: .milliseconds(defaults.keepForMilliseconds),
    help: "How long the log keeps entries: at least the longest window and --max-lateness; 0s keeps all")
  static let snapshotEvery = Option<Duration>(
    "snapshot-every", .duration(in: .seconds(1) ... .seconds(86_400)), default: defaults.snapshotInterval,
    help: "How often a snapshot is taken while anything is recorded, so that a restart is quick")

  // MARK: Size

  static let shards = Option<Int>(
    "shards", .integer(in: 1...256), default: engine.shards,
    help: "Parts that keys are spread over, each with a worker queue of its own")
  static let ioQueues = Option<Int>(
    "io-queues", .integer(in: 1...ServerConfiguration.maxIOQueues), default: ServerConfiguration.defaultIOQueues,
    help: "Queues that read and write sockets")
  static let maxKeys = Option<Int>(
    "max-keys", .integer(in: 1...1 << 32), default: engine.maxKeysPerTable,
    help: "Keys that one counter holds in one shard")
  static let maxRememberedIDs = Option<Int>(
    "max-remembered-ids", .integer(in: 1...1 << 32), default: engine.rememberedIDs, help: "Ids remembered at most")
  static let maxRememberedAnswers = Option<Int>(
    "max-remembered-answers", .byteSize(in: 1 << 20...1 << 40), default: engine.rememberedAnswerBytes,
    help: "Memory for the answers to remembered ids")

  // MARK: Limits of connections (wire.md)

  static let maxConnections = Option<Int>(
    "max-connections", .integer(in: 1...1_000_000), default: limits.maxConnections, help: "Connections at once")
  static let maxCallsInFlight = Option<Int>(
    "max-calls-in-flight", .integer(in: 1...1_000_000), default: limits.maxCallsInFlight,
    help: "Calls in flight on one connection")
  static let maxPayload = Option<Int>(
    "max-payload", .byteSize(in: 1 << 16...1 << 30), default: limits.maxPayloadBytes, help: "Longest payload of a frame"
  )
  static let idleTimeout = Option<Duration>(
    "idle-timeout", .duration(in: .seconds(1) ... .seconds(86_400)), default: limits.idleTimeout,
    help: "How long a connection without calls is kept")
  static let drainTimeout = Option<Duration>(
    "drain-timeout", .duration(in: .zero ... .seconds(3_600)), default: .seconds(10),
    help: "How long accepted calls may take once the server is told to stop")

  static let all: [any OptionDeclaration] = [
    listen, rules, data, origin, readyFile, durability, maxFutureSkew, maxLateness, rememberIDs, keepFor, snapshotEvery,
    shards,
    ioQueues,
    maxKeys, maxRememberedIDs, maxRememberedAnswers, maxConnections, maxCallsInFlight, maxPayload, idleTimeout,
    drainTimeout,
  ]

  /// The server that the options describe.
  static func configuration(_ arguments: ParsedArguments) throws(CommandFailure) -> GatehouseConfiguration {
    guard let rulesPath = arguments[rules] else {
      let advice = "Give --rules FILE; deploy/rules/trade.rules is a file to start from"
      throw CommandFailure("serve needs rules", advice: advice, exitCode: .usage)
    }
    var configuration = GatehouseConfiguration(endpoints: arguments[listen], rulesPath: rulesPath)
    configuration.dataDirectory = arguments[data]
    configuration.origin = arguments[origin]
    configuration.latenessMilliseconds = arguments[maxLateness].milliseconds
    configuration.keepForMilliseconds = arguments[keepFor].milliseconds
    configuration.snapshotInterval = arguments[snapshotEvery]
    configuration.transport.ioQueues = arguments[ioQueues]
    configuration.transport.limits.maxConnections = arguments[maxConnections]
    configuration.transport.limits.maxCallsInFlight = arguments[maxCallsInFlight]
    configuration.transport.limits.maxPayloadBytes = arguments[maxPayload]
    configuration.transport.limits.idleTimeout = arguments[idleTimeout]
    configuration.engine.shards = arguments[shards]
    configuration.engine.maxKeysPerTable = arguments[maxKeys]
    configuration.engine.rememberedIDs = arguments[maxRememberedIDs]
    configuration.engine.rememberedAnswerBytes = arguments[maxRememberedAnswers]
    configuration.engine.retentionSeconds = arguments[rememberIDs].components.seconds
    configuration.engine.allowedSkewMilliseconds = arguments[maxFutureSkew].milliseconds
    configuration.engine.durability = arguments[durability].contract
    return configuration
  }
}

extension ServeOptions.DurabilityLevel {
  var contract: Durability {
    switch self {
    case .buffered: .buffered
    case .written: .written
    case .durable: .durable
    }
  }
}

import Engine
import GatehouseProtocol
import Journal
import Transport

/// All that a server must be told; every default is one that a first run can live with.
public struct GatehouseConfiguration: Sendable {
  /// Where to listen, the limits of connections, the number of I/O queues.
  public var transport: ServerConfiguration
  /// Shards, memory, clocks, the default durability.
  public var engine = EngineConfiguration()
  /// The rules file.
  public var rulesPath: String
  /// How late an activity may come and still be counted in its place; keys are remembered so much longer.
  public var latenessMilliseconds: Int64 = 48 * 3_600_000
  /// Where the log lives; nil keeps no log: windows and remembered answers are then lost with the process.
  public var dataDirectory: String?
  /// The log's name in its checkpoints: a URL without scheme, such as `example.com/gatehouse`.
  public var origin = "gatehouse.local/log"

  /// Entries of the log are removed, by whole segments, when all of a segment are older than this; 0 keeps all. At least the
  /// longest window with its lateness, and the time for which ids are remembered.
  public var keepForMilliseconds: Int64 = 0
  /// A segment of the log is closed before it grows beyond this.
  public var segmentBytes = JournalLimits().segmentBytes
  /// A snapshot is taken when so many entries would have to be replayed at a restart, or any after so much time.
  public var snapshotEntries: UInt64 = 10_000_000
  public var snapshotInterval = Duration.seconds(600)
  /// Told, in a sentence for the operator, what goes wrong beside the calls. Called on any thread.
  public var report: @Sendable (String) -> Void = { _ in }

  public init(endpoints: [Endpoint], rulesPath: String) {
    transport = ServerConfiguration(endpoints: endpoints, agent: "gatehouse/\(GatehouseServer.version)")
    self.rulesPath = rulesPath
  }
}

import GatehouseProtocol
import Processors

/// What an engine may use, and what it accepts.
public struct EngineConfiguration: Sendable, Hashable {
  /// Parts that the windows are spread over by key hash, each with a worker queue of its own; 1 to 256.
  public var shards = EngineConfiguration.defaultShards
  /// Window keys that one counter may hold in one shard; beyond it the quietest of eight neighbours gives way to a new
  /// key, and `EngineStatistics` counts it. So a flood of one-time keys crowds out keys that have long been quiet, its own
  /// first; what a crowded-out key had is missing when it comes back, and observations say so (`incomplete`).
  public var maxKeysPerTable = 16_000_000
  /// Activity ids remembered, in all shards together; about 64 bytes each and the answer's own.
  public var rememberedIDs = 4_000_000
  /// Bytes of answers remembered, in all shards together; at least 2 MiB in each.
  public var rememberedAnswerBytes = 512 << 20
  /// How long an id should be remembered; one that had to go earlier is counted.
  public var retentionSeconds: Int64 = 86_400
  /// How far an activity's own time may lie in the future.
  public var allowedSkewMilliseconds: Int64 = 60_000
  /// What records reach before they are answered, when the caller does not say; of no account without a book.
  public var durability = Durability.written

  /// One for each processor, which is as many as can work at once; beyond four nothing has been measured.
  public static var defaultShards: Int { min(4, ProcessorCount.available) }

  public init() {}
}

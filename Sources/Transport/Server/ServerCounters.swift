/// What a server has done since it started, and what it holds now.
public struct ServerCounters: Sendable, Hashable {
  /// Connections accepted; closed; open now.
  public var connectionsAccepted: UInt64 = 0
  public var connectionsClosed: UInt64 = 0
  public var connectionsOpen: UInt64 { connectionsAccepted - connectionsClosed }
  /// Connections refused, by reason.
  public var refusedOverLimit: UInt64 = 0
  public var refusedOutOfDescriptors: UInt64 = 0
  public var refusedOpening: UInt64 = 0
  /// Connections ended by a protocol error, by a timeout, by a limit.
  public var protocolErrors: UInt64 = 0
  public var timeouts: UInt64 = 0
  public var limitsExceeded: UInt64 = 0
  /// Bytes and frames.
  public var bytesRead: UInt64 = 0
  public var bytesWritten: UInt64 = 0
  public var framesRead: UInt64 = 0
  /// Calls handed to the batch handler, the batches they came in, and tasks started.
  public var callsBatched: UInt64 = 0
  public var batches: UInt64 = 0
  public var tasksStarted: UInt64 = 0
  /// Calls answered by the transport itself.
  public var callsExpired: UInt64 = 0
  public var callsCancelled: UInt64 = 0
  public var callsOverLimit: UInt64 = 0
  public var callsUnimplemented: UInt64 = 0
  /// Times that a connection was not read because its peer did not read.
  public var backPressure: UInt64 = 0

  /// Calls refused, by the handlers or by the transport itself.
  public var refusals = RefusalCounts()

  public init() {}

  static func += (sum: inout ServerCounters, more: ServerCounters) {
    for field in fields { sum[keyPath: field] += more[keyPath: field] }
    sum.refusals += more.refusals
  }

  private static var fields: [WritableKeyPath<ServerCounters, UInt64>] {
    [
      \.connectionsAccepted, \.connectionsClosed, \.refusedOverLimit, \.refusedOutOfDescriptors, \.refusedOpening,
      \.protocolErrors, \.timeouts, \.limitsExceeded, \.bytesRead, \.bytesWritten, \.framesRead, \.callsBatched,
      \.batches, \.tasksStarted, \.callsExpired, \.callsCancelled, \.callsOverLimit, \.callsUnimplemented,
      \.backPressure,
    ]
  }
}

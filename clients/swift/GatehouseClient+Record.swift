import GatehouseProtocol
import Wire

extension GatehouseClient {
  /// Hands an activity over to be recorded, and returns at once. It is sent until the server has acknowledged it and
  /// counted once; nothing is reported back but the statistics.
  ///
  /// An activity without an id is given one, and without `occurredAt` this moment's time, for it may be sent much
  /// later.
  ///
  /// - Returns: false if it was dropped: the buffer is full (`RecordPolicy`), the client is closed or its address
  ///   unreadable, or the activity cannot be encoded. Drops are counted.
  @discardableResult
  public func record(_ activity: Activity) -> Bool {
    var activity = activity
    if activity.id.isEmpty { activity.id = core.makeID() }
    if activity.occurredAt == nil { activity.occurredAt = core.unixMilliseconds }
    let isOpen = core.invalid == nil && !core.isClosing
    return core.recorder.offer(isOpen ? try? ProtobufEncoder().encode(RecordActivityRequest(activity: activity)) : nil)
  }

  /// Waits until every activity handed to `record(_:)` so far is acknowledged, refused or dropped.
  ///
  /// - Parameter limit: how long to wait.
  /// - Returns: how many of them were still pending then; they stay in the buffer.
  @discardableResult
  public func flush(within limit: Duration) async -> Int {
    let end = core.channel.timers.deadline(after: limit)
    return await withCheckedContinuation { continuation in
      core.recorder.flush(until: end) { continuation.resume(returning: $0) }
    }
  }

  /// Records an activity and waits until the server has acknowledged it. Ids as for `evaluate`.
  ///
  /// - Throws: every failure; there is no fallback for a record. After DEADLINE_EXCEEDED it may have been recorded: ask
  ///   again with the same id.
  @discardableResult
  public func recordActivity(
    _ activity: Activity, durability: Durability = .unspecified, options: CallOptions = CallOptions()
  ) async throws(GatehouseError) -> RecordActivityResponse {
    var activity = activity
    if activity.id.isEmpty { activity.id = core.makeID() }
    let request = RecordActivityRequest(activity: activity, durability: durability)
    return try await call(GatehouseMethods.recordActivity, request, isIdempotent: true, options: options)
  }
}

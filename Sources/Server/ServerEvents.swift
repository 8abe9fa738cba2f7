import Engine
import GatehouseProtocol
import Journal
import Wire

/// Appends the server's own events to the log, in order with the activities: rules that come into force, the retention
/// policy and what it removes, and who looked at the log.
///
///     let index = try events.append(LogEntry(access: Access(method: name, agent: agent)))
///
/// Cost: a copy under a short lock; the log's own thread writes it. Any thread may call it.
final class ServerEvents: Sendable {
  private let writer: JournalWriter
  private let now: @Sendable () -> Int64

  init(_ writer: JournalWriter, now: @escaping @Sendable () -> Int64) {
    self.writer = writer
    self.now = now
  }

  /// Appends one event; it is written soon.
  ///
  /// - Parameter entry: exactly one event; its time is set here unless it has one.
  /// - Returns: its index.
  /// - Throws: INVALID_ARGUMENT when it is longer than an entry may be, otherwise as for an activity that the log does
  ///   not take; nothing was appended then.
  @discardableResult
  func append(_ entry: LogEntry) throws(RPCError) -> UInt64 {
    var entry = entry
    if entry.createdAt == 0 { entry.createdAt = now() }
    let bytes: [UInt8]
    do {
      bytes = try ProtobufEncoder().encode(entry)
    } catch {
      throw RPCError(.internal, "the event cannot be encoded: \(error)")
    }
    let result = bytes.withUnsafeBytes { writer.append($0) }
    switch result {
    case .index(let index):
      writer.commit()
      return index
    case .tooLarge:
      throw RPCError(
        .invalidArgument, "\(bytes.count) bytes are more than one entry of the log can hold", retry: .never)
    case .full, .noSpace, .failed: throw RPCError(BookRefusal(result))
    }
  }

  /// Waits until all events so far survive the machine.
  /// - Throws: UNAVAILABLE or RESOURCE_EXHAUSTED when the log has failed or the disk is full: whether they are found
  ///   after a restart is open.
  func settle(through index: UInt64) throws(RPCError) {
    writer.settle()
    guard writer.durableIndex > index else {
      throw RPCError(writer.condition == .noSpace ? BookRefusal.noSpace : .failed)
    }
  }
}

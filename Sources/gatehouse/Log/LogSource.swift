import Arguments
import GatehouseClient
import Journal
import Transport
import Wire

/// Where a command has checkpoints and proofs from: a directory, or a server. Either answers with the contract's messages.
enum LogSource: Sendable {
  case directory(CoveredLog, PosixStorage)
  case server(GatehouseClient, Endpoint)

  static let options: [any OptionDeclaration] = ConnectionOptions.all + [LogCommand.cosigned]

  /// What the arguments mean: a directory if they name one.
  init(_ arguments: ParsedArguments) throws(CommandFailure) {
    guard let path = arguments[LogCommand.optionalDirectory] else {
      guard !arguments[LogCommand.cosigned] else {
        throw CommandFailure("--cosigned needs DIR: a server has only its newest checkpoint", exitCode: .usage)
      }
      self = .server(ConnectionOptions.client(arguments), arguments[ConnectionOptions.server])
      return
    }
    let storage = try LogCommand.storage(path)
    do {
      self = .directory(try CoveredLog(storage: storage, cosigned: arguments[LogCommand.cosigned]), storage)
    } catch {
      throw CommandFailure("\(path): \(error)")
    }
  }

  func checkpoint() async throws(CommandFailure) -> LogCheckpoint {
    switch self {
    case .directory(let log, let storage):
      return try Self.reading { () throws(JournalError) in
        LogCheckpoint(
          note: String(decoding: log.checkpoint.note.encoded, as: UTF8.self), size: log.size,
          rootHash: log.checkpoint.checkpoint.root.bytes,
          verifierKey: try CoveredLog.ownKey(in: storage)?.description ?? "")
      }
    case .server: return try await call(LogMethods.getCheckpoint, GetCheckpointRequest())
    }
  }

  func receipt(for index: UInt64) async throws(CommandFailure) -> Receipt {
    switch self {
    case .directory(let log, let storage):
      return try Self.reading { () throws(JournalError) in
        Receipt(
          proof: String(decoding: try log.receipt(for: index).encoded, as: UTF8.self),
          entry: try log.entry(at: index).bytes, verifierKey: try CoveredLog.ownKey(in: storage)?.description ?? "")
      }
    case .server: return try await call(LogMethods.getReceipt, GetReceiptRequest(index: index))
    }
  }

  /// - Parameter newSize: nil for the newest checkpoint's.
  func consistencyProof(from oldSize: UInt64, to newSize: UInt64?) async throws(CommandFailure) -> ConsistencyProof {
    switch self {
    case .directory(let log, _):
      return try Self.reading { () throws(JournalError) in
        let (tree, newSize) = (log.tree, newSize ?? log.size)
        return ConsistencyProof(
          oldSize: oldSize, newSize: newSize,
          hashes: try tree.consistencyProof(from: oldSize, to: newSize).map(\.bytes),
          oldRootHash: try log.root(of: oldSize).bytes, newRootHash: try log.root(of: newSize).bytes)
      }
    case .server:
      return try await call(
        LogMethods.getConsistencyProof, GetConsistencyProofRequest(oldSize: oldSize, newSize: newSize))
    }
  }

  /// The same log as it is now.
  func refreshed() throws(CommandFailure) -> LogSource {
    guard case .directory(_, let storage) = self else { return self }
    return .directory(try Self.reading { () throws(JournalError) in try CoveredLog(storage: storage) }, storage)
  }

  func close() async {
    if case .server(let client, _) = self { await client.close() }
  }

  private func call<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ request: Input
  ) async throws(CommandFailure) -> Output {
    guard case .server(let client, let address) = self else { throw CommandFailure("there is no server to ask") }
    do {
      return try await client.call(method, request)
    } catch {
      throw CommandFailure(error, server: address)
    }
  }

  private static func reading<T>(_ body: () throws(JournalError) -> T) throws(CommandFailure) -> T {
    do { return try body() } catch { throw CommandFailure(error) }
  }
}

import Foundation
import GatehouseClient
import Journal
import Testing
import Wire

@testable import Server

@Suite("Log: checkpoints, proofs and receipts over the wire")
struct LogServiceTests {
  /// Records and waits until a checkpoint covers it all.
  private func fill(_ client: GatehouseClient, count: Int) async throws -> LogCheckpoint {
    for number in 0..<count { _ = try await client.recordActivity(Counting.order(id: "order-\(number)")) }
    while true {
      do {
        let checkpoint = try await client.call(LogMethods.getCheckpoint, GetCheckpointRequest())
        if checkpoint.size >= UInt64(count) { return checkpoint }
      } catch {
        // The first checkpoint is not signed yet.
        guard error.code == .outOfRange else { throw error }
      }
    }
  }

  /// A client of a server whose log holds some orders, covered by a checkpoint; and where the log lies.
  private func filled(count: Int, _ body: (GatehouseClient, String) async throws -> Void) async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      _ = try await fill(served.client, count: count)
      try await body(served.client, house.dataPath)
    }
  }

  private func status<Input, Output>(
    of client: GatehouseClient, _ method: MethodDescriptor<Input, Output>, _ request: Input
  ) async -> GatehouseError? {
    do {
      _ = try await client.call(method, request)
      return nil
    } catch { return error }
  }

  @Test("what it answers verifies with nothing but the public key")
  func verifies() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      let client = served.client
      let told = try await fill(client, count: 300)
      let key = try NoteVerifier(vkey: told.verifierKey)
      #expect(key.name == "gatehouse.local/log")
      let checkpoint = try Checkpoint.verified(Array(told.note.utf8), origin: key.name, keys: [key]).checkpoint
      #expect(checkpoint.size == told.size && checkpoint.root.bytes == told.rootHash)

      for index in [UInt64(0), 255, 256, told.size - 1] {
        let receipt = try await client.call(LogMethods.getReceipt, GetReceiptRequest(index: index))
        let proof = try LogProof(parsing: Array(receipt.proof.utf8))
        #expect(proof.index == index)
        try proof.verify(entry: receipt.entry, origin: key.name, keys: [key])
        #expect(try ProtobufDecoder().decode(LogEntry.self, from: receipt.entry).createdAt > 0)

        let size = max(index + 1, 257)
        let inclusion = try await client.call(
          LogMethods.getInclusionProof, GetInclusionProofRequest(index: index, treeSize: size))
        #expect(inclusion.index == index && inclusion.treeSize == size)
        #expect(inclusion.leafHash == MerkleTree.leaf(receipt.entry).bytes)
        let isIncluded = try MerkleProof.verifyInclusion(
          of: MerkleTree.leaf(receipt.entry), at: index, size: size,
          root: #require(MerkleHash(inclusion.rootHash)), proof: inclusion.hashes.compactMap { MerkleHash($0) })
        #expect(isIncluded)
      }
    }
  }

  @Test("a consistency proof leads from any older tree to the newest")
  func consistency() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      let told = try await fill(served.client, count: 270)
      for old in [UInt64(1), 2, 255, 256, told.size] {
        let proof = try await served.client.call(
          LogMethods.getConsistencyProof, GetConsistencyProofRequest(oldSize: old))
        #expect(proof.oldSize == old && proof.newSize >= told.size)
        let holds = try MerkleProof.verifyConsistency(
          from: old, #require(MerkleHash(proof.oldRootHash)), to: proof.newSize,
          #require(MerkleHash(proof.newRootHash)), proof: proof.hashes.compactMap { MerkleHash($0) })
        #expect(holds)
        if old == told.size { #expect(proof.oldRootHash == told.rootHash) }
      }
    }
  }

  @Test("what lies beyond the newest checkpoint is OUT_OF_RANGE, with a second to wait")
  func beyond() async throws {
    let far: UInt64 = 1 << 40
    try await filled(count: 2) { client, _ in
      for error in [
        await status(of: client, LogMethods.getReceipt, GetReceiptRequest(index: far)),
        await status(of: client, LogMethods.getInclusionProof, GetInclusionProofRequest(index: far)),
        await status(of: client, LogMethods.getInclusionProof, GetInclusionProofRequest(index: 0, treeSize: far)),
        await status(of: client, LogMethods.getConsistencyProof, GetConsistencyProofRequest(oldSize: far)),
        await status(of: client, LogMethods.getConsistencyProof, GetConsistencyProofRequest(oldSize: 1, newSize: far)),
      ] {
        #expect(error?.code == .outOfRange)
        #expect(error?.retry == .after(milliseconds: 1_000))
      }
    }
  }

  @Test("sizes that contradict each other are INVALID_ARGUMENT, whatever the log holds")
  func invalid() async throws {
    try await filled(count: 2) { client, _ in
      for error in [
        await status(of: client, LogMethods.getInclusionProof, GetInclusionProofRequest(index: 1, treeSize: 1)),
        await status(of: client, LogMethods.getInclusionProof, GetInclusionProofRequest(index: 0, treeSize: 0)),
        await status(of: client, LogMethods.getConsistencyProof, GetConsistencyProofRequest(oldSize: 0)),
        await status(of: client, LogMethods.getConsistencyProof, GetConsistencyProofRequest(oldSize: 2, newSize: 1)),
      ] {
        #expect(error?.code == .invalidArgument && error?.violations.count == 1)
      }
      let none = await status(of: client, LogMethods.getConsistencyProof, GetConsistencyProofRequest())
      #expect(none?.violations.first?.description == "must be at least 1: every tree begins with the empty one")
    }
  }

  @Test("a server without a log says FAILED_PRECONDITION, one that is not open yet UNAVAILABLE")
  func states() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let server = try GatehouseServer(house.configuration())
    let client = House.client(of: try server.listen())
    #expect(await status(of: client, LogMethods.getCheckpoint, GetCheckpointRequest())?.code == .unavailable)
    #expect(await status(of: client, LogMethods.getReceipt, GetReceiptRequest())?.code == .unavailable)
    try server.open()
    #expect(await status(of: client, LogMethods.getCheckpoint, GetCheckpointRequest())?.code == .failedPrecondition)
    #expect(await status(of: client, LogMethods.getReceipt, GetReceiptRequest())?.code == .failedPrecondition)
    await client.close()
    await server.drain(within: .seconds(20))
  }

  @Test("calls beyond the bound are refused while proofs are waited for, and none is lost")
  func bounded() async throws {
    try await filled(count: 300) { client, _ in
      let outcomes = await withTaskGroup(of: StatusCode?.self) { group in
        for _ in 0..<8 * LogService.maxWaitingCalls {
          group.addTask { await status(of: client, LogMethods.getReceipt, GetReceiptRequest(index: 7))?.code }
        }
        return await group.reduce(into: [StatusCode?: Int]()) { $0[$1, default: 0] += 1 }
      }
      #expect(Set(outcomes.keys).isSubset(of: [nil, .resourceExhausted]))
      #expect(outcomes[nil, default: 0] >= LogService.maxWaitingCalls)
      #expect(await status(of: client, LogMethods.getReceipt, GetReceiptRequest(index: 7)) == nil)
    }
  }

  @Test("tiles that somebody has altered give no proof: DATA_LOSS")
  func altered() async throws {
    try await filled(count: 300) { client, data in
      let path = data + "/tile/0/000"
      var tile = try #require(FileManager.default.contents(atPath: path))
      tile[33] ^= 1
      try tile.write(to: URL(fileURLWithPath: path))
      #expect(await status(of: client, LogMethods.getReceipt, GetReceiptRequest(index: 0))?.code == .dataLoss)
      let inclusion = await status(of: client, LogMethods.getInclusionProof, GetInclusionProofRequest(index: 0))
      #expect(inclusion?.code == .dataLoss)
    }
  }

  @Test("who takes a receipt stands in the log, with what was asked for and how it was answered, refused or not")
  func accesses() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let far: UInt64 = 1 << 40
    try await house.serve(data: house.dataPath) { served in
      _ = try await fill(served.client, count: 3)
      _ = try await served.client.call(LogMethods.getReceipt, GetReceiptRequest(index: 2))
      _ = await status(of: served.client, LogMethods.getReceipt, GetReceiptRequest(index: far))
      _ = try await served.client.call(LogMethods.getInclusionProof, GetInclusionProofRequest(index: 2))
    }
    let log = try CoveredLog(storage: PosixStorage(existing: house.dataPath))
    var accesses: [Access] = []
    try log.cursor(from: 0).read(below: log.size) { entry in
      let entry = try? ProtobufDecoder().decode(LogEntry.self, from: Array(entry.bytes))
      if let access = entry?.access { accesses.append(access) }
      #expect(entry?.createdAt ?? 0 > 0)
    }
    #expect(accesses.map(\.logIndex) == [2, far], "proofs of hashes show nothing of an entry")
    #expect(accesses.map(\.status) == [0, UInt32(StatusCode.outOfRange.rawValue)])
    for access in accesses {
      #expect(access.method == "gatehouse.v1.Log/GetReceipt" && !access.agent.isEmpty)
    }
    try await house.serve(data: house.dataPath) { served in
      let told = try await fill(served.client, count: 3)
      #expect(told.size > 5, "the log is replayed past them")
    }
  }
}

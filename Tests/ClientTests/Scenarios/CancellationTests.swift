import GatehouseProtocol
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct CancellationTests {
  @Test("a cancelled task ends its call with CANCELLED, not with the fallback, and the server is told")
  func task() async throws {
    let cancelled = Log<String>()
    let server = try FakeGatehouse { seen throws(RPCError) in
      await FakeGatehouse.untilCancelled()
      cancelled.append(seen.activity.id)
      throw RPCError(.cancelled, "as asked")
    }
    let client = server.client { $0.fallback = .allow }
    let task = Task { () async -> Result<Verdict, GatehouseError> in
      do throws(GatehouseError) { return .success(try await client.evaluate(.some("a-1"))) } catch {
        return .failure(error)
      }
    }
    await server.seen.reaches(1)
    task.cancel()
    let result = await task.value
    guard case .failure(let error) = result else {
      Issue.record("it was answered: \(result)")
      return
    }
    #expect(error.code == .cancelled && error.advice == .nothing)
    // The client's timeout is 20 s: only CANCEL can have ended the handler sooner.
    await cancelled.reaches(1)
    await eventually { server.counters.callsCancelled == 1 }
    #expect(client.statistics.fallbacks.values.allSatisfy { $0 == 0 })
    await client.close()
    await server.stop()
  }

  @Test("a task that was cancelled before is not sent at all")
  func before() async throws {
    let server = try FakeGatehouse()
    let client = server.client()
    let task = Task { () async -> StatusCode? in
      await FakeGatehouse.untilCancelled()
      do throws(GatehouseError) {
        _ = try await client.evaluate(.some())
        return nil
      } catch { return error.code }
    }
    task.cancel()
    #expect(await task.value == .cancelled)
    #expect(server.seen.entries.isEmpty)
    await client.close()
    await server.stop()
  }

  @Test("a pending call is cancelled, while it waits for a connection too; its completion runs once")
  func pending() async throws {
    let server = try FakeGatehouse()
    await server.stop()
    let client = server.client()
    let ends = Log<StatusCode?>()
    let call = client.evaluate(.some()) { result in
      if case .failure(let error) = result { ends.append(error.code) } else { ends.append(nil) }
    }
    call.cancel()
    call.cancel()
    #expect(ends.entries == [.cancelled])
    #expect(client.core.channel.pool.withLock { $0.waitingCount } == 0)
    await client.close()
    #expect(ends.entries.count == 1)
  }

  @Test("calls cancelled at any moment end once each, and nothing is left behind", arguments: Seeds.some)
  func storm(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let server = try FakeGatehouse()
    let client = server.client()
    let ends = Log<Bool>()
    for _ in 0..<200 {
      let call = client.evaluate(.some()) { result in
        if case .success = result { ends.append(true) } else { ends.append(false) }
      }
      if Bool.random(using: &random) { await Task.yield() }
      if Bool.random(using: &random) { call.cancel() }
    }
    await ends.reaches(200)
    await eventually { client.statistics.inFlight == 0 }
    #expect(ends.entries.count == 200)
    #expect(client.core.channel.timers.count == 0)
    await client.close()
    await server.stop()
  }
}

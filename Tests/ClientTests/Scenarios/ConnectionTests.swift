import Foundation
import GatehouseProtocol
import Synchronization
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct ConnectionTests {
  /// An address that stays a server's own while it is away. A port that the system chose may meanwhile be chosen for others.
  let ownAddress = Endpoint.unix(
    path: FileManager.default.temporaryDirectory.appendingPathComponent("gh-\(UInt32.random(in: 0 ... .max)).sock").path
  )

  @Test("every form of address reaches its server")
  func addresses() async throws {
    for endpoint in [.tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), ownAddress] {
      let server = try FakeGatehouse(at: endpoint)
      let client = GatehouseClient(server: "\(server.endpoint)", timeout: .seconds(20))
      #expect(try await client.evaluate(.some()).source == .server)
      await client.close()
      await server.stop()
    }
  }

  @Test("a call that waits for a server that is not there yet is answered when it is")
  func lateServer() async throws {
    let first = try FakeGatehouse(at: ownAddress)
    await first.stop()
    let client = first.client()
    await eventually { client.statistics.failedConnects >= 3 }
    async let verdict = client.evaluate(.some())
    await eventually { client.core.channel.pool.withLock { $0.waitingCount } == 1 }
    let second = try FakeGatehouse(at: first.endpoint)
    #expect(try await verdict.source == .server)
    await client.close()
    await second.stop()
  }

  @Test("the next server takes over when the first is gone, and keeps the calls")
  func failover() async throws {
    let first = try FakeGatehouse()
    let second = try FakeGatehouse()
    let client = first.client { $0.servers = [first.endpoint, second.endpoint] }
    _ = try await client.evaluate(.some())
    #expect(first.seen.entries.count == 1 && second.seen.entries.isEmpty)
    await first.stop()
    for _ in 0..<20 { #expect(try await client.evaluate(.some()).source == .server) }
    #expect(second.seen.entries.count == 20)
    await client.close()
    await second.stop()
  }

  @Test("a server that drains answers what it has accepted; what comes later goes elsewhere, and none is lost")
  func drain() async throws {
    let (gate, open) = AsyncStream<Never>.makeStream()
    let first = try FakeGatehouse { seen in
      for await _ in gate {}
      return FakeGatehouse.answer(seen)
    }
    let second = try FakeGatehouse()
    let client = first.client { $0.servers = [first.endpoint, second.endpoint] }
    let verdicts = Log<Verdict.Source?>()
    for _ in 0..<50 { client.evaluate(.some()) { verdicts.append(try? $0.get().source) } }
    await first.seen.reaches(50)
    async let stopped: Void = first.stop(within: .seconds(20))
    await eventually { client.core.channel.pool.withLock { $0.plan.currentServer } == 1 }
    for _ in 0..<50 { client.evaluate(.some()) { verdicts.append(try? $0.get().source) } }
    await second.seen.reaches(50)
    open.finish()
    await stopped
    await verdicts.reaches(100)
    #expect(verdicts.entries.allSatisfy { $0 == .server })
    #expect(first.seen.entries.count == 50 && second.seen.entries.count == 50)
    #expect(client.statistics.retries == 0)
    await client.close()
    await second.stop()
  }

  @Test("a server killed and restarted in the middle of load: every call is answered, and every id counted once")
  func restart() async throws {
    let book = Tally()
    let counted: FakeGatehouse.Script = { seen in
      let times = book.count(seen.activity.id)
      await Task.yield()
      return FakeGatehouse.answer(seen, Decision(outcome: .none, repeated: times > 1))
    }
    let first = try FakeGatehouse(at: ownAddress, counted)
    let client = first.client {
      $0.retry.attempts = 20
      $0.retry.budgetReserve = 100_000
    }
    let verdicts = Log<String?>()
    let calls = 2_000
    let load = Task {
      for number in 0..<calls {
        client.evaluate(.some("a-\(number)")) { verdicts.append(try? $0.get().activityID) }
        if number % 50 == 0 { await verdicts.reaches(number / 2) }
      }
    }
    var server = first
    for kill in 1...4 {
      await verdicts.reaches(calls * kill / 6)
      await server.stop(within: .zero)
      server = try FakeGatehouse(at: first.endpoint, counted)
    }
    await load.value
    await verdicts.reaches(calls)
    #expect(Set(verdicts.entries.compactMap(\.self)).count == calls, "an answer for each, under its own id")
    #expect(book.all.count == calls, "an id for each, and no other")
    #expect(client.statistics.reconnects > 0)
    await client.close()
    await server.stop()
  }

  @Test("a server that accepts and hangs up is asked again ever more rarely")
  func hangUp() async throws {
    let server = try RawServer { _ in }
    let world = ManualWorld()
    var configuration = ClientConfiguration(servers: [server.endpoint])
    configuration.reconnect = Backoff(base: .seconds(1), cap: .seconds(1))
    let client = GatehouseClient(ClientCore(configuration, environment: world.environment))
    for round in 1...5 {
      await eventually { client.core.channel.pool.withLock { $0.plan.waitingUntil } != nil }
      #expect(server.connections == round)
      #expect(client.statistics.failedConnects == UInt64(round))
      let end = try #require(client.core.channel.pool.withLock { $0.plan.waitingUntil })
      // A timer is at most two ticks late.
      world.advance(by: .nanoseconds(end - world.now + 2 * CallTimers.tickNanoseconds))
    }
    client.core.shutDown()
    server.stop()
  }

  @Test("half an answer, then the end: the call is sent again and answered elsewhere")
  func halfAnswer() async throws {
    let raw = try RawServer { peer in
      peer.open()
      guard let request = peer.request() else { return }
      let answer = FrameHeader(.response, call: request.call).frame(payload: [UInt8](repeating: 1, count: 64))
      peer.send(Array(answer.prefix(40)))
    }
    let second = try FakeGatehouse()
    let client = second.client {
      $0.servers = [raw.endpoint, second.endpoint]
      $0.connections = 1
    }
    #expect(try await client.evaluate(.some("a-1")).source == .server)
    #expect(second.seen.entries.map(\.activity.id) == ["a-1"])
    raw.stop()
    await client.close()
    await second.stop()
  }

  @Test("a server that says nothing at all is given up, and the next one asked")
  func silent() async throws {
    let raw = try RawServer { peer in
      peer.open()
      peer.readToEnd()
    }
    let second = try FakeGatehouse()
    let client = second.client {
      $0.servers = [raw.endpoint, second.endpoint]
      $0.connections = 1
      $0.fallback = .deny
    }
    let options = CallOptions(timeout: .milliseconds(25))
    var fallbacks = 0
    while try await client.evaluate(.some(), options: options).source != .server { fallbacks += 1 }
    let statistics = client.statistics
    #expect(statistics.fallbacks[.timeout, default: 0] >= UInt64(StallDetector.timeoutsInARow - 1))
    #expect(statistics.fallbacks.values.reduce(0, +) == UInt64(fallbacks))
    #expect(statistics.stalledConnections == 1)
    raw.stop()
    await client.close()
    await second.stop()
  }

  @Test("a request beyond the server's limit is refused here and costs nobody the connection")
  func tooLarge() async throws {
    var limits = ServerLimits()
    limits.maxPayloadBytes = 65_536
    let server = try FakeGatehouse(limits: limits)
    let client = server.client { $0.fallback = .allow }
    var activity = Activity.some()
    activity.userAgent = String(repeating: "x", count: 70_000)
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(activity) }
    #expect(error.code == .invalidArgument && error.message.contains("65536"))
    #expect(try await client.evaluate(.some()).source == .server)
    #expect(client.statistics.reconnects == 0)
    await client.close()
    await server.stop()
  }

  @Test("a peer that speaks no Gatehouse is a server that cannot be reached, and the error says why")
  func stranger() async throws {
    let raw = try RawServer { peer in peer.send(Array("220 mail.example.org ESMTP ready\r\n".utf8)) }
    let client = GatehouseClient(server: "\(raw.endpoint)", timeout: .milliseconds(100))
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some()) }
    #expect(error.code == .unavailable)
    #expect(!error.message.isEmpty)
    raw.stop()
    await client.close()
  }
}

import GatehouseProtocol
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct StreamTests {
  private static func state(_ status: HealthCheckResponse.ServingStatus) throws(RPCError) -> [UInt8] {
    do {
      return try ProtobufEncoder().encode(HealthCheckResponse(status: status))
    } catch {
      throw RPCError(.internal, "\(error)")
    }
  }

  @Test("items come in order, then the end")
  func order() async throws {
    let server = try FakeGatehouse(health: { _, _, writer throws(RPCError) in
      for number in 0..<100 { try await writer.send(try Self.state(.init(rawValue: Int32(number)))) }
    })
    let client = server.client()
    var received: [Int32] = []
    for try await response in try client.stream(HealthMethods.watch, HealthCheckRequest()) {
      received.append(response.status.rawValue)
    }
    #expect(received == Array(0..<100))
    await client.close()
    await server.stop()
  }

  @Test("a reader that stops stops the server, and holds up nobody else")
  func backPressure() async throws {
    let sent = Log<Int>()
    let server = try FakeGatehouse(health: { _, _, writer throws(RPCError) in
      for number in 0..<10_000 {
        try await writer.send(try Self.state(.serving))
        sent.append(number)
      }
    })
    let client = server.client { $0.connections = 1 }
    var reader = try client.stream(HealthMethods.watch, HealthCheckRequest()).makeAsyncIterator()
    #expect(try await reader.next()?.status == .serving)
    // The server runs ahead by the credit and its own backlog, and no further.
    await sent.reaches(StreamBuffer.initialCredit)
    for _ in 0..<100 { _ = try await client.evaluate(.some()) }
    #expect(sent.entries.count <= 2 * StreamBuffer.initialCredit + ServerLimits().maxStreamBacklogItems)
    var rest = 0
    while try await reader.next() != nil { rest += 1 }
    #expect(rest == 9_999)
    await client.close()
    await server.stop()
  }

  @Test("the end of the loop, and the end of the task, end the call at the server")
  func cancel() async throws {
    let ended = Log<Void>()
    let server = try FakeGatehouse(health: { _, _, writer throws(RPCError) in
      try await writer.send(try Self.state(.serving))
      await FakeGatehouse.untilCancelled()
      ended.append(())
    })
    let client = server.client()
    for try await _ in try client.stream(HealthMethods.watch, HealthCheckRequest()) { break }
    await ended.reaches(1)
    let first = Log<Void>()
    let task = Task {
      for try await _ in try client.stream(HealthMethods.watch, HealthCheckRequest()) { first.append(()) }
    }
    await first.reaches(1)
    task.cancel()
    await ended.reaches(2)
    _ = await task.result
    await client.close()
    await server.stop()
  }

  @Test("its error reaches the reader behind the items that came before")
  func failure() async throws {
    let server = try FakeGatehouse(health: { _, _, writer throws(RPCError) in
      try await writer.send(try Self.state(.serving))
      throw RPCError(.notFound, "no such service")
    })
    let client = server.client()
    var reader = try client.stream(HealthMethods.watch, HealthCheckRequest()).makeAsyncIterator()
    #expect(try await reader.next()?.status == .serving)
    let failure = await Task { [reader] in
      var reader = reader
      return try await error { () throws(GatehouseError) in try await reader.next() }
    }.result
    #expect(try failure.get().code == .notFound)
    await client.close()
    await server.stop()
  }

  @Test("health is watched across a restart, unknown in between")
  func health() async throws {
    let (changes, change) = AsyncStream<Void>.makeStream()
    let first = try FakeGatehouse(health: { _, _, writer throws(RPCError) in
      try await writer.send(try Self.state(.notServing))
      for await _ in changes { break }
      try await writer.send(try Self.state(.serving))
      await FakeGatehouse.untilCancelled()
    })
    let client = first.client()
    var states = client.watchHealth().makeAsyncIterator()
    #expect(await states.next() == .notServing)
    change.yield(())
    #expect(await states.next() == .serving)
    await first.stop(within: .zero)
    #expect(await states.next() == .unknown)
    let second = try FakeGatehouse(
      at: first.endpoint,
      health: { _, _, writer throws(RPCError) in
        try await writer.send(try Self.state(.serving))
        await FakeGatehouse.untilCancelled()
      })
    #expect(await states.next() == .serving)
    await client.close()
    while await states.next() != nil {}
    await second.stop(within: .zero)
  }

  @Test("close does not wait for a stream without an end")
  func close() async throws {
    let server = try FakeGatehouse(health: { _, _, writer throws(RPCError) in
      try await writer.send(try Self.state(.serving))
      await FakeGatehouse.untilCancelled()
    })
    let client = server.client()
    var states = client.watchHealth().makeAsyncIterator()
    #expect(await states.next() == .serving)
    let begin = ContinuousClock.now
    await client.close(within: .seconds(60))
    #expect(ContinuousClock.now - begin < .seconds(30))
    while await states.next() != nil {}
    await server.stop()
  }
}

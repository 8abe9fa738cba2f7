import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct ClientConfigurationTests {
  @Test("the defaults are those that the documentation states")
  func defaults() throws {
    let configuration = try ClientConfiguration(servers: ["127.0.0.1:7400", "[::1]:7", "unix:/run/gatehouse.sock"])
    #expect(
      configuration.servers == [
        .tcp(host: "127.0.0.1", port: 7400), .tcp(host: "::1", port: 7), .unix(path: "/run/gatehouse.sock"),
      ])
    #expect(configuration.timeout == .milliseconds(50))
    #expect(configuration.fallback == .throw)
    #expect(configuration.connections == 2)
    #expect(configuration.whenDisconnected == .wait)
    #expect(configuration.security == .plaintext)
  }

  @Test("an address in none of the forms is refused with what it should be")
  func address() async throws {
    let error = try await error { () throws(GatehouseError) in try ClientConfiguration(servers: ["here", "there"]) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("'here'") && error.message.contains("host:port"))
  }

  @Test("numbers of connections are cut to what makes sense", arguments: [(-1, 1), (0, 1), (3, 3), (1_000_000, 64)])
  func connections(asked: Int, held: Int) {
    var configuration = ClientConfiguration(servers: [Endpoint.unix(path: "/nowhere")])
    configuration.connections = asked
    let core = ClientCore(configuration, environment: ManualWorld().environment)
    #expect(core.channel.pool.withLock { $0.plan.slots.count } == held)
  }

  @Test("without a server every call says so")
  func nobody() async throws {
    let client = GatehouseClient(ClientConfiguration(servers: [Endpoint]()))
    let error = try await error { () throws(GatehouseError) in try await client.describe() }
    #expect(error.code == .invalidArgument && error.message.contains("no server"))
  }
}

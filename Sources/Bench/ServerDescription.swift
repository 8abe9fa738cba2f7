import GatehouseProtocol
import Transport
import Wire

/// What the harness says of itself and asks of the server before it loads it.
enum ServerDescription {
  /// The payload of HELLO.
  static func hello() throws(BenchError) -> [UInt8] {
    do {
      return try ProtobufEncoder().encode(Hello(protocolVersion: Opening.protocolVersion, agent: "gatehouse-bench"))
    } catch {
      throw .connection("HELLO cannot be encoded: \(error)")
    }
  }

  /// Asks `Reflection.Describe`; a server without it is only known by its address.
  static func ask(_ endpoint: Endpoint) throws(BenchError) -> RunResult.Server {
    var connection = try OpeningConnection(to: endpoint, hello: try hello())
    defer { connection.socket.close() }
    var server = RunResult.Server(address: endpoint.description, version: "", ruleSetVersion: "")
    guard let answer = try connection.call(method: UInt16(ReflectionMethods.describe.id), payload: []) else {
      return server
    }
    do {
      let description = try ProtobufDecoder().decode(DescribeResponse.self, from: answer)
      server.version = description.serverVersion
      server.ruleSetVersion = description.ruleSetVersion
      return server
    } catch {
      throw .connection("the server's description cannot be read: \(error)")
    }
  }
}

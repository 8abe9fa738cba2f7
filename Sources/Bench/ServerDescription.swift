import Foundation
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
    let answer = try connection.call(method: UInt16(ReflectionMethods.describe.id), payload: [])
    guard answer.status == 0 else { return server }
    do {
      let description = try ProtobufDecoder().decode(DescribeResponse.self, from: answer.payload)
      server.version = description.serverVersion
      server.ruleSetVersion = description.ruleSetVersion
      return server
    } catch {
      throw .connection("the server's description cannot be read: \(error)")
    }
  }

  /// Puts the rules file `path` in force, as `gatehouse rules apply` does. Throws a file error when it cannot be read or the
  /// server refuses it, with the server's own words.
  static func putInForce(rulesFile path: String, at endpoint: Endpoint) throws(BenchError) {
    let request: [UInt8]
    do {
      let text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
      request = try ProtobufEncoder().encode(ApplyRulesRequest(text: text, author: "gatehouse-bench"))
    } catch {
      throw .file("\(path) cannot be read: \(error.localizedDescription)")
    }
    var connection = try OpeningConnection(to: endpoint, hello: try hello())
    defer { connection.socket.close() }
    let answer = try connection.call(method: UInt16(RulesMethods.applyRules.id), payload: request)
    guard answer.status != 0 else { return }
    let name = StatusCode(exactly: answer.status)?.name ?? "status \(answer.status)"
    let words = (try? ProtobufDecoder().decode(Status.self, from: answer.payload))?.message ?? ""
    throw .file("the server does not take \(path): \(name)\(words.isEmpty ? "" : ": \(words)")")
  }
}

import GatehouseClient
import ProtoJSON
import Wire

/// A method of the contract that can be called with JSON and answers with JSON.
struct CallableMethod: Sendable {
  let method: ProtobufMethod
  /// Reads the request from JSON, calls, and hands over each answer: one for a unary method, any number for a stream.
  let call: @Sendable (GatehouseClient, JSONValue, (JSONValue) throws -> Void) async throws -> Void

  /// `Evaluate`.
  var shortName: String { method.name.split(separator: "/").last.map(String.init) ?? method.name }

  init<Input, Output>(_ descriptor: MethodDescriptor<Input, Output>) {
    method = descriptor.method
    if descriptor.isServerStreaming {
      call = { client, json, answer in
        let outputs = try client.stream(descriptor, Input(json: json))
        for try await output in outputs { try answer(output.json()) }
      }
    } else {
      call = { client, json, answer in
        try answer(try await client.call(descriptor, try Input(json: json)).json())
      }
    }
  }

  /// Every method of the contract, in the order of their numbers.
  static let all: [CallableMethod] = [
    CallableMethod(GatehouseMethods.evaluate), CallableMethod(GatehouseMethods.recordActivity),
    CallableMethod(HealthMethods.check), CallableMethod(HealthMethods.watch),
    CallableMethod(ReflectionMethods.describe),
    CallableMethod(LogMethods.getCheckpoint), CallableMethod(LogMethods.getInclusionProof),
    CallableMethod(LogMethods.getConsistencyProof), CallableMethod(LogMethods.getReceipt),
    CallableMethod(RulesMethods.getRules), CallableMethod(RulesMethods.applyRules),
    CallableMethod(RulesMethods.rollbackRules), CallableMethod(RulesMethods.listRuleVersions),
    CallableMethod(RulesMethods.getRuleStatistics), CallableMethod(RulesMethods.explain),
  ]

  /// The method of this name: `Evaluate`, `Gatehouse/Evaluate` or `gatehouse.v1.Gatehouse/Evaluate`.
  static func named(_ name: String) -> CallableMethod? {
    all.first { $0.method.name == name || $0.shortName == name || $0.method.name.hasSuffix("." + name) }
  }
}

import GatehouseProtocol
import Rules

extension DescribeResponse {
  /// What this server speaks and runs.
  /// - Parameter served: the numbers of the methods that it has.
  init(version: String, rules: RuleSet, served: Set<UInt32>) {
    self.init(
      proto: GatehouseProto.text, serverVersion: version, ruleSetVersion: rules.shortVersion,
      methods: GatehouseProto.methods.filter { served.contains($0.id) }.map {
        Method(id: $0.id, name: $0.name, serverStreaming: $0.isServerStreaming)
      })
  }
}

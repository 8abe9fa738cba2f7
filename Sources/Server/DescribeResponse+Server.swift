import GatehouseProtocol
import Rules

extension DescribeResponse {
  /// What this server speaks and runs.
  init(version: String, rules: RuleSet) {
    self.init(
      proto: GatehouseProto.text, serverVersion: version, ruleSetVersion: rules.shortVersion,
      methods: GatehouseProto.methods.map {
        Method(id: $0.id, name: $0.name, serverStreaming: $0.isServerStreaming)
      })
  }
}

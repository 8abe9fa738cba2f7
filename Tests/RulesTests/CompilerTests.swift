import Foundation
import Testing

@testable import Rules

@Suite struct CompilerTests {
  @Test("the shipped rules compile without a diagnostic")
  func shippedRulesCompile() throws {
    let compilation = compile(try shippedRules())
    #expect(compilation.diagnostics.map { $0.rendered(in: compilation.file) } == [])
    let rules = try #require(compilation.ruleSet)
    #expect(rules.rules.count == 9)
    #expect(rules.counters.count == 7)
    #expect(rules.kinds == ["order.create", "customer.login", "payment_method.create"])
  }
}

// Asserts that the server's hot path allocates nothing: prints the cost of a call and exits 1 on a single allocation.
//
// usage: hot-path [RULES [CHUNKS]]
//
// Built for release by Tests/run; an allocation count means nothing in a debug build.
import CAllocationCount
import Engine
import Foundation
import GatehouseProtocol
import Rules
import Windows
import Wire

let path = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "deploy/rules/trade.rules"
let source = try SourceFile(name: path, bytes: Array(Data(contentsOf: URL(fileURLWithPath: path))))
let compilation = RuleCompiler(digest: { _ in "0123456789abcdef" }).compile(source)
guard let rules = compilation.ruleSet else {
  print("the rules do not compile: \(compilation.diagnostics)")
  exit(1)
}
let chunks = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 40_000 : 40_000
let run = HotPathRun(rules: rules, chunks: chunks)
exit(run.report() ? 0 : 1)

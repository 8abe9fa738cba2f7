// What a decision costs against the number of rules, of keys, and of events a key: three tables as Markdown.
//
// usage: rules-sweep [RULES_FILE [MILLISECONDS]]
//
// RULES_FILE is what the tables over keys use, the shipped rules by default; MILLISECONDS how long each figure is
// measured. One evaluator on one thread, no log, no network, CHECK and RECORD in equal parts; figures are
// processor time, the median of eleven rounds. Run by `Tests/figures --rules-sweep`.
import Foundation
import Rules

let arguments = CommandLine.arguments
let path = arguments.count > 1 ? arguments[1] : "deploy/rules/trade.rules"
let milliseconds = arguments.count > 2 ? Int(arguments[2]) ?? 1_100 : 1_100
do {
  let shipped = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
  try Sweep(shipped: shipped, milliseconds: milliseconds).printTables()
} catch {
  FileHandle.standardError.write(Data("rules-sweep: \(error)\n".utf8))
  exit(1)
}

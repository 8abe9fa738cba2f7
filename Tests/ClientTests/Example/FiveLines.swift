import GatehouseClient

/// The example of the READMEs, so that it compiles. `ExampleTests` holds the READMEs to it, line for line.
func fiveLines() async throws {
  let gatehouse = GatehouseClient(server: "127.0.0.1:7400", fallback: .allow)
  let activity = Activity(customerID: "c-42", entity: "order", action: "create")
  let verdict = try await gatehouse.evaluate(activity)
  print(verdict.answer, verdict.messages)
  await gatehouse.close()
}

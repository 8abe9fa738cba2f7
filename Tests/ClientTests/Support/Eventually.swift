import Testing

@testable import GatehouseClient

/// Waits until something that other threads bring about is so, giving way to them meanwhile; a minute is a failure.
func eventually(
  within seconds: Int = 60, _ isSo: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async {
  let end = ContinuousClock.now + .seconds(seconds)
  while !isSo() {
    guard ContinuousClock.now < end else {
      Issue.record("it never came to be", sourceLocation: sourceLocation)
      return
    }
    await Task.yield()
  }
}

/// The error that a call ends with; its success is a failure of the test.
func error<Value: Sendable>(
  sourceLocation: SourceLocation = #_sourceLocation, of body: () async throws(GatehouseError) -> Value
) async throws -> GatehouseError {
  let result: Result<Value, GatehouseError>
  do {
    result = .success(try await body())
  } catch {
    result = .failure(error)
  }
  let failure: GatehouseError? = if case .failure(let error) = result { error } else { nil }
  return try #require(failure, "it succeeded", sourceLocation: sourceLocation)
}

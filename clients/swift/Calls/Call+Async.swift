extension Call {
  /// What makes a result of the end of a call.
  typealias Finish<Value> = @Sendable (Result<UnsafeRawBufferPointer, GatehouseError>) -> Result<Value, GatehouseError>

  /// Begins the call and waits for its end; a cancelled task cancels it.
  func answer<Value: Sendable>(_ finish: @escaping Finish<Value>) async throws(GatehouseError) -> Value {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        begin { continuation.resume(returning: finish($0)) }
      }
    } onCancel: {
      cancel()
    }
    return try result.get()
  }
}

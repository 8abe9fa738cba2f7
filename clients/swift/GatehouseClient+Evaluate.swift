import GatehouseProtocol

extension GatehouseClient {
  /// Asks whether an activity may pass.
  ///
  /// An activity without an id is given one, so that it is counted once however often it has to be sent; set your own
  /// to make your repetitions safe too. Without `occurredAt` the server's clock counts.
  ///
  /// - Parameters:
  ///   - activity: what the customer is about to do or just did.
  ///   - mode: whether asking leaves a trace; `.check` only looks.
  ///   - durability: when the answer may be given; absent means the server's default.
  ///   - options: what this call does otherwise than the client.
  /// - Returns: the server's decision, or the declared fallback: see `Verdict.source`.
  /// - Throws: what the caller must mend (`GatehouseError.advice`), CANCELLED with the task, and with the fallback
  ///   `.throw` every other failure.
  public func evaluate(
    _ activity: Activity, mode: EvaluateRequest.Mode = .record, durability: Durability = .unspecified,
    options: CallOptions = CallOptions()
  ) async throws(GatehouseError) -> Verdict {
    let (call, finish) = try evaluation(of: activity, mode, durability, options)
    return try await call.answer(finish)
  }

  /// Asks whether an activity may pass, without `async`.
  ///
  /// - Parameter completion: runs once, on a thread of the client's, and must not block.
  /// - Returns: what cancels the call; keep it or not.
  @discardableResult
  public func evaluate(
    _ activity: Activity, mode: EvaluateRequest.Mode = .record, durability: Durability = .unspecified,
    options: CallOptions = CallOptions(),
    completion: @escaping @Sendable (Result<Verdict, GatehouseError>) -> Void
  ) -> PendingCall {
    do throws(GatehouseError) {
      let (call, finish) = try evaluation(of: activity, mode, durability, options)
      call.begin { completion(finish($0)) }
      return PendingCall(call)
    } catch {
      completion(.failure(error))
      return PendingCall(nil)
    }
  }

  /// The call, and what makes a verdict of its end.
  private func evaluation(
    of activity: Activity, _ mode: EvaluateRequest.Mode, _ durability: Durability, _ options: CallOptions
  ) throws(GatehouseError) -> (Call, Call.Finish<Verdict>) {
    var activity = activity
    // A check leaves no trace, so it needs no id to be repeated safely.
    if activity.id.isEmpty, mode != .check { activity.id = core.makeID() }
    let id = activity.id
    let request = EvaluateRequest(activity: activity, mode: mode, durability: durability)
    let call = try core.call(GatehouseMethods.evaluate, request, isIdempotent: true, options)
    let fallback = options.fallback ?? core.configuration.fallback
    return (
      call,
      { [counters = core.channel.counters] result in
        switch GatehouseMethods.evaluate.output(of: result) {
        case .success(let decision): return .success(Verdict(decision, activityID: id))
        case .failure(let error):
          guard let verdict = Verdict(fallback, for: error, activityID: id) else { return .failure(error) }
          if case .fallback(let reason) = verdict.source { counters.fallBack(reason) }
          return .success(verdict)
        }
      }
    )
  }
}

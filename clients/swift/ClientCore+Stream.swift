import GatehouseProtocol
import Wire

extension ClientCore {
  /// A call of a server-streaming method, begun.
  func stream<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ request: Input, _ options: CallOptions
  ) throws(GatehouseError) -> ResponseStream<Output> {
    guard method.isServerStreaming else {
      throw GatehouseError(.invalidArgument, "\(method.name) has one answer: use call(_:_:)")
    }
    let frameID = try frameID(of: method)
    let payload = try method.encode(request)
    let call = StreamCall(on: channel) { receiveItem in
      Call.Request(
        method: frameID, isIdempotent: false,
        whenDisconnected: options.whenDisconnected ?? configuration.whenDisconnected, retry: .never,
        deadline: options.timeout.map(channel.timers.deadline(after:)) ?? .max, payload: payload,
        receiveItem: receiveItem)
    }
    return ResponseStream(call: call, method: method.name)
  }

  /// Waits as long as the back-off between connections asks for.
  ///
  /// - Throws: CANCELLED with the task or the client.
  func pause(beforeAttempt attempt: Int) async throws(GatehouseError) {
    let nanoseconds = channel.chances.withLock { chances in
      configuration.reconnect.delayNanoseconds(attempt: attempt, using: &chances.random)
    }
    let end = channel.timers.now + nanoseconds
    let pause = Pause()
    let timer = channel.timers.schedule(at: end) { pause.end() }
    await pause.value()
    if let timer { channel.timers.cancel(timer) }
    guard !isClosing, !Task.isCancelled else { throw .closed }
  }
}

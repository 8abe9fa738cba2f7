import GatehouseProtocol
import Wire

extension ClientCore {
  /// A call of a unary method, not begun.
  func call<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ request: Input, isIdempotent: Bool, _ options: CallOptions
  ) throws(GatehouseError) -> Call {
    guard !method.isServerStreaming else {
      throw GatehouseError(.invalidArgument, "\(method.name) answers with a stream: use stream(_:_:)")
    }
    let frameID = try frameID(of: method)
    let payload = try method.encode(request)
    return Call(
      Call.Request(
        method: frameID, isIdempotent: isIdempotent,
        whenDisconnected: options.whenDisconnected ?? configuration.whenDisconnected, retry: configuration.retry,
        deadline: channel.timers.deadline(after: options.timeout ?? configuration.timeout), payload: payload),
      on: channel)
  }

  /// The method's number in a frame, if this client can call anything.
  func frameID<Input, Output>(of method: MethodDescriptor<Input, Output>) throws(GatehouseError) -> UInt16 {
    if let invalid { throw invalid }
    guard !isClosing else { throw .closed }
    guard let id = method.frameID else {
      throw GatehouseError(.invalidArgument, "method \(method.id) does not fit a frame: the contract stops at 65535")
    }
    return id
  }
}

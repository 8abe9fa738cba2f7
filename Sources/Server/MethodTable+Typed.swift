import GatehouseProtocol
import Transport
import Wire

extension MethodTable {
  /// Serves a unary method with messages instead of bytes.
  mutating func add<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ answer: @escaping @Sendable (Input) async throws(RPCError) -> Output
  ) {
    add(calls: method) { _, input throws(RPCError) in try await answer(input) }
  }

  /// Serves a unary method whose answer depends on more of the call than its message.
  mutating func add<Input, Output>(
    calls method: MethodDescriptor<Input, Output>,
    _ answer: @escaping @Sendable (CallContext, Input) async throws(RPCError) -> Output
  ) {
    addUnary(UInt16(method.id)) { call, bytes throws(RPCError) in
      try encoded(await answer(call, try decoded(bytes)))
    }
  }

  /// Serves a server stream with messages instead of bytes.
  mutating func add<Input, Output>(
    stream method: MethodDescriptor<Input, Output>,
    _ answer: @escaping @Sendable (Input, (Output) async throws(RPCError) -> Void) async throws(RPCError) -> Void
  ) {
    addServerStream(UInt16(method.id)) { _, bytes, writer throws(RPCError) in
      try await answer(try decoded(bytes)) { output throws(RPCError) in try await writer.send(try encoded(output)) }
    }
  }
}

private func decoded<Message: ProtobufMessage>(_ bytes: [UInt8]) throws(RPCError) -> Message {
  do {
    return try ProtobufDecoder().decode(Message.self, from: bytes)
  } catch {
    throw RPCError(.invalidArgument, "the request is not a message of the contract: \(error)", retry: .never)
  }
}

private func encoded(_ message: some ProtobufMessage) throws(RPCError) -> [UInt8] {
  do {
    return try ProtobufEncoder().encode(message)
  } catch {
    throw RPCError(.internal, "the answer cannot be encoded: \(error)")
  }
}

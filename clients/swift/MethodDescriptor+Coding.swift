import GatehouseProtocol
import Wire

extension MethodDescriptor {
  /// The number in a frame's header. The contract keeps them within 16 bits; one beyond is a method that no frame can
  /// name.
  var frameID: UInt16? { UInt16(exactly: id) }

  /// The bytes of a request.
  func encode(_ request: Input) throws(GatehouseError) -> [UInt8] {
    do {
      return try ProtobufEncoder().encode(request)
    } catch {
      throw GatehouseError(.invalidArgument, "the request of \(name) cannot be encoded: \(error)", cause: error)
    }
  }

  /// The output that an answer's bytes are.
  func output(of result: Result<UnsafeRawBufferPointer, GatehouseError>) -> Result<Output, GatehouseError> {
    switch result {
    case .failure(let error): return .failure(error)
    case .success(let bytes):
      do {
        return .success(try ProtobufDecoder().decode(Output.self, from: bytes))
      } catch {
        return .failure(GatehouseError(.internal, "the answer of \(name) cannot be read: \(error)", cause: error))
      }
    }
  }
}

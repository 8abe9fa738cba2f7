/// A method of the contract: how frames and people name it, and what goes in and comes out.
public struct MethodDescriptor<Input: ProtobufMessage, Output: ProtobufMessage>: Sendable {
  /// What every method has, whatever its messages are.
  public let method: ProtobufMethod

  /// A method as the contract declares it.
  public init(id: UInt32, name: String, isServerStreaming: Bool = false) {
    method = ProtobufMethod(id: id, name: name, isServerStreaming: isServerStreaming)
  }

  /// The number that stands for the method in a frame's header.
  public var id: UInt32 { method.id }

  /// The full name: `gatehouse.v1.Gatehouse/Evaluate`.
  public var name: String { method.name }

  /// Whether it answers with a stream of `Output`.
  public var isServerStreaming: Bool { method.isServerStreaming }
}

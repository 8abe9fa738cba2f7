/// What is known of a method without its messages.
public struct ProtobufMethod: Hashable, Sendable {
  /// The number that stands for the method in a frame's header.
  public let id: UInt32

  /// The full name: `gatehouse.v1.Gatehouse/Evaluate`.
  public let name: String

  /// Whether it answers with a stream.
  public let isServerStreaming: Bool

  /// A method as the contract declares it.
  public init(id: UInt32, name: String, isServerStreaming: Bool = false) {
    self.id = id
    self.name = name
    self.isServerStreaming = isServerStreaming
  }
}

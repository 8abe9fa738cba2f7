/// What the wire needs to know of a message's field and its Swift property does not tell.
public struct ProtobufField: Sendable {
  /// How often a field may occur, and what its absence means.
  public enum Label: Equatable, Sendable {
    /// Once; the type's default is not written. Messages are always `optional`, whatever is said.
    case implicit
    /// Once; an `Optional` property that tells absent from default.
    case optional
    /// An `Array`; numbers are written packed.
    case repeated
    /// An `Array` whose elements each have their own tag (`[packed = false]`).
    case expanded
    /// One of several of which only the last on the wire is kept; the number tells the message's groups apart.
    case oneof(Int)
  }

  /// The field's number, 1 to 536,870,911: its coding key's raw value.
  public let number: Int

  /// The field's name as the contract spells it.
  public let name: String

  /// The field's type.
  public let type: ProtobufType

  /// How often it may occur.
  public let label: Label

  /// A field as the contract declares it.
  public init(_ number: Int, _ name: String, _ type: ProtobufType, _ label: Label = .implicit) {
    self.number = number
    self.name = name
    self.type = type
    self.label = label
  }
}

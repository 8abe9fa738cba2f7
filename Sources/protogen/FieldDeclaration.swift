/// A field of a message.
struct FieldDeclaration {
  enum Label: Equatable {
    case implicit, optional, repeated
  }

  let name: String
  let number: Int
  var type: FieldType
  let label: Label
  let isPacked: Bool

  /// The name of the oneof that it is in.
  let oneof: String?

  let comment: [String]
  let position: Position
}

/// A choice among fields of a message.
struct OneofDeclaration {
  let name: String
  let comment: [String]
  let position: Position
}

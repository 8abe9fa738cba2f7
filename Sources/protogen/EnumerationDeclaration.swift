/// An enumeration.
struct EnumerationDeclaration {
  struct Value {
    let name: String
    let number: Int32
    let comment: [String]
    let position: Position
  }

  let name: String
  let fullName: String
  let comment: [String]
  let position: Position
  var values: [Value] = []
  var allowsAliases = false
  var reserved = Reservations()
}

/// A message.
struct MessageDeclaration {
  let name: String
  let fullName: String
  let comment: [String]
  let position: Position
  var fields: [FieldDeclaration] = []
  var oneofs: [OneofDeclaration] = []
  var messages: [MessageDeclaration] = []
  var enumerations: [EnumerationDeclaration] = []
  var reserved = Reservations()
}

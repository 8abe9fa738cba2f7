/// A service.
struct ServiceDeclaration {
  struct Method {
    let name: String
    var input: FieldType
    var output: FieldType
    let isServerStreaming: Bool
    let id: Int
    let comment: [String]
    let position: Position
  }

  let name: String
  let fullName: String
  let comment: [String]
  var methods: [Method] = []
}

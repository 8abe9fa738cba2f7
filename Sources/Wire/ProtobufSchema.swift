/// The fields of a message, found by number.
///
/// Immutable; made once a message type, in its `schema`, and kept for as long as the program runs: coders hold schemas
/// without counting references.
///
/// `@unchecked Sendable`: what the pointers point to is written by the initialiser and never again.
public final class ProtobufSchema: @unchecked Sendable {
  /// The message's full name as the contract spells it; empty for a map's entries.
  public let name: String

  /// The fields in the order of their numbers.
  public let fields: [ProtobufField]

  /// What coders look up in `fields`.
  let index: FieldIndex

  /// For each field the places of the others in its oneof.
  let siblings: [[Int]]

  /// The schema of a message. Numbers must differ.
  public init(_ name: String, _ fields: [ProtobufField]) {
    self.name = name
    self.fields = fields.sorted { $0.number < $1.number }
    index = FieldIndex(self.fields)
    siblings = ProtobufSchema.siblings(of: self.fields)
  }

  deinit {
    index.deallocate()
  }

  private static func siblings(of fields: [ProtobufField]) -> [[Int]] {
    fields.map { field in
      guard case .oneof = field.label else { return [] }
      return fields.indices.filter { fields[$0].label == field.label && fields[$0].number != field.number }
    }
  }

  /// The name of a field, for a path.
  func name(of field: UnsafePointer<FieldLayout>) -> String {
    fields[Int(field.pointee.place)].name
  }

  /// The schema of the messages or map entries that a field holds.
  func schema(of field: UnsafePointer<FieldLayout>) -> ProtobufSchema? {
    fields[Int(field.pointee.place)].type.schema?()
  }
}

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

  /// What coders need of `fields`, in the same order.
  let layouts: UnsafePointer<FieldLayout>

  /// For each field the places of the others in its oneof.
  let siblings: [[Int]]

  /// Field numbers below this many are looked up in a table, larger ones searched for.
  private static let maximumTabledNumbers = 256

  /// The place in `fields` of the field with the number that is the index; -1 where there is none.
  private let places: UnsafePointer<Int16>
  private let placeCount: Int

  /// The schema of a message. Numbers must differ.
  public init(_ name: String, _ fields: [ProtobufField]) {
    self.name = name
    self.fields = fields.sorted { $0.number < $1.number }
    layouts = ProtobufSchema.kept(self.fields.enumerated().map { FieldLayout($1, place: $0) })
    siblings = ProtobufSchema.siblings(of: self.fields)
    let tabled = self.fields.prefix { $0.number < ProtobufSchema.maximumTabledNumbers }
    var places = [Int16](repeating: -1, count: (tabled.last?.number ?? -1) + 1)
    for (place, field) in tabled.enumerated() {
      places[field.number] = Int16(place)
    }
    placeCount = places.count
    self.places = ProtobufSchema.kept(places)
  }

  deinit {
    layouts.deallocate()
    places.deallocate()
  }

  private static func kept<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(elements.count, 1))
    _ = memory.initialize(fromContentsOf: elements)
    return UnsafePointer(memory.baseAddress.unsafelyUnwrapped)  // At least one element was allocated.
  }

  private static func siblings(of fields: [ProtobufField]) -> [[Int]] {
    fields.map { field in
      guard case .oneof = field.label else { return [] }
      return fields.indices.filter { fields[$0].label == field.label && fields[$0].number != field.number }
    }
  }

  /// The layout of the field with this number; it lives as long as the schema.
  func layout(of number: Int) -> UnsafePointer<FieldLayout>? {
    guard number >= 0, number < placeCount else { return searchedLayout(of: number) }
    let place = places[number]
    return place < 0 ? nil : layouts + Int(place)
  }

  private func searchedLayout(of number: Int) -> UnsafePointer<FieldLayout>? {
    var low = 0
    var high = fields.count
    while low < high {
      let middle = (low + high) / 2
      if fields[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < fields.count && fields[low].number == number ? layouts + low : nil
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

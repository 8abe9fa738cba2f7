/// The fields of a message, found by number.
///
/// Immutable; made once a message type and kept for as long as the program runs.
public final class ProtobufSchema: Sendable {
  /// The message's full name as the contract spells it; empty for a map's entries.
  public let name: String

  /// The fields in the order of their numbers.
  public let fields: [ProtobufField]

  /// What coders need of `fields`, in the same order.
  let layouts: [FieldLayout]

  /// For each field the places of the others in its oneof.
  let siblings: [[Int]]

  /// Field numbers below this many are looked up in a table, larger ones searched for.
  private static let maximumTabledNumbers = 256

  /// The place in `fields` of the field with the number that is the index; -1 where there is none.
  private let places: [Int16]

  /// The schema of a message. Numbers must differ.
  public init(_ name: String, _ fields: [ProtobufField]) {
    self.name = name
    self.fields = fields.sorted { $0.number < $1.number }
    layouts = self.fields.enumerated().map { FieldLayout($1, place: $0) }
    siblings = ProtobufSchema.siblings(of: self.fields)
    let tabled = self.fields.prefix { $0.number < ProtobufSchema.maximumTabledNumbers }
    var places = [Int16](repeating: -1, count: (tabled.last?.number ?? -1) + 1)
    for (place, field) in tabled.enumerated() {
      places[field.number] = Int16(place)
    }
    self.places = places
  }

  private static func siblings(of fields: [ProtobufField]) -> [[Int]] {
    fields.map { field in
      guard case .oneof = field.label else { return [] }
      return fields.indices.filter { fields[$0].label == field.label && fields[$0].number != field.number }
    }
  }

  /// The layout of the field with this number.
  func layout(of number: Int) -> FieldLayout? {
    let place = number < places.count ? (number < 0 ? -1 : Int(places[number])) : searchedPlace(of: number)
    return place < 0 ? nil : layouts[place]
  }

  private func searchedPlace(of number: Int) -> Int {
    var low = 0
    var high = fields.count
    while low < high {
      let middle = (low + high) / 2
      if fields[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < fields.count && fields[low].number == number ? low : -1
  }
}

/// The layouts of a message's fields, found by number: what coders look up for every value, without a reference to count.
///
/// It belongs to a schema and lives as long as that.
struct FieldIndex {
  /// The fields' layouts in the order of their numbers.
  let layouts: UnsafePointer<FieldLayout>
  let count: Int

  /// Field numbers below this many are looked up in a table, larger ones searched for.
  private static let maximumTabledNumbers = 256

  /// The place in `layouts` of the field with the number that is the index; -1 where there is none.
  private let places: UnsafePointer<Int16>
  private let placeCount: Int

  /// `fields` must be in the order of their numbers.
  init(_ fields: [ProtobufField]) {
    let tabled = fields.prefix { $0.number < FieldIndex.maximumTabledNumbers }
    var places = [Int16](repeating: -1, count: (tabled.last?.number ?? -1) + 1)
    for (place, field) in tabled.enumerated() {
      places[field.number] = Int16(place)
    }
    placeCount = places.count
    self.places = FieldIndex.kept(places)
    count = fields.count
    layouts = FieldIndex.kept(fields.enumerated().map { FieldLayout($1, place: $0) })
  }

  func deallocate() {
    layouts.deallocate()
    places.deallocate()
  }

  private static func kept<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(elements.count, 1))
    _ = memory.initialize(fromContentsOf: elements)
    return UnsafePointer(memory.baseAddress.unsafelyUnwrapped)  // At least one element was allocated.
  }

  /// The layout of the field with this number.
  func layout(of number: Int) -> UnsafePointer<FieldLayout>? {
    guard number >= 0, number < placeCount else { return searchedLayout(of: number) }
    let place = places[number]
    return place < 0 ? nil : layouts + Int(place)
  }

  private func searchedLayout(of number: Int) -> UnsafePointer<FieldLayout>? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if Int(layouts[middle].tag.number) < number { low = middle + 1 } else { high = middle }
    }
    return low < count && Int(layouts[low].tag.number) == number ? layouts + low : nil
  }
}

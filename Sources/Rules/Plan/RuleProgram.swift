/// The programs of all conditions and filters, and what they refer to.
struct RuleProgram {
  /// Where a zone's offsets are.
  struct Zone: BitwiseCopyable {
    var first: Int32
    var count: Int32
  }

  /// Where a list's numbers or address ranges are.
  struct ListPlace: BitwiseCopyable {
    var first: Int32
    var count: Int32
  }

  let instructions: FixedBuffer<Instruction>
  /// Behind it lie the programs that only explanations run.
  let explainingStart: Int
  let texts: FixedBuffer<UInt8>
  let constants: FixedBuffer<Int64>
  let zones: FixedBuffer<Zone>
  let zoneStarts: FixedBuffer<Int64>
  let zoneOffsets: FixedBuffer<Int32>
  let listPlaces: FixedBuffer<ListPlace>
  let numberLists: FixedBuffer<Int64>
  /// First and last addresses in turn, rising.
  let addressLists: FixedBuffer<UInt128>
  /// By list; empty for lists of other things.
  let textLists: UnsafeMutablePointer<TextTable>
  let patterns: UnsafeMutablePointer<GlobPattern>
  private let patternCount: Int

  init(_ lowering: Lowering) {
    instructions = FixedBuffer(lowering.instructions + lowering.explaining)
    explainingStart = lowering.instructions.count
    texts = FixedBuffer(lowering.texts)
    constants = FixedBuffer(lowering.constants)
    let tables = lowering.file.zoneTables
    var firstOffset = 0
    zones = FixedBuffer(
      tables.map { table in
        defer { firstOffset += table.starts.count }
        return Zone(first: Int32(firstOffset), count: Int32(table.starts.count))
      })
    zoneStarts = FixedBuffer(tables.flatMap(\.starts))
    zoneOffsets = FixedBuffer(tables.flatMap(\.offsets))
    let lists = Self.gather(lowering.file.lists)
    listPlaces = FixedBuffer(lists.places)
    numberLists = FixedBuffer(lists.numbers)
    addressLists = FixedBuffer(lists.addresses)
    textLists = .allocate(capacity: max(1, lists.texts.count))
    for (index, texts) in lists.texts.enumerated() { (textLists + index).initialize(to: TextTable(texts)) }
    let compiled = lowering.patterns.compactMap { GlobPattern($0) }
    patterns = .allocate(capacity: max(1, compiled.count))
    for (index, pattern) in compiled.enumerated() { (patterns + index).initialize(to: pattern) }
    patternCount = compiled.count
  }

  private static func gather(
    _ lists: [CheckedList]
  ) -> (places: [ListPlace], numbers: [Int64], addresses: [UInt128], texts: [[[UInt8]]]) {
    var places: [ListPlace] = []
    var numbers: [Int64] = []
    var addresses: [UInt128] = []
    var texts: [[[UInt8]]] = []
    for list in lists {
      var listTexts: [[UInt8]] = []
      switch list.elements {
      case .texts(let elements):
        places.append(ListPlace(first: 0, count: Int32(elements.count)))
        listTexts = elements.map { Array($0.utf8) }
      case .numbers(let elements):
        places.append(ListPlace(first: Int32(numbers.count), count: Int32(elements.count)))
        numbers += elements
      case .addresses(let ranges):
        places.append(ListPlace(first: Int32(addresses.count), count: Int32(ranges.count)))
        addresses += ranges.flatMap { [$0.first.bits, $0.last.bits] }
      }
      texts.append(listTexts)
    }
    return (places, numbers, addresses, texts)
  }

  func deallocate() {
    for index in 0..<listPlaces.count { textLists[index].deallocate() }
    for index in 0..<patternCount { patterns[index].deallocate() }
    textLists.deallocate()
    patterns.deallocate()
    instructions.deallocate()
    texts.deallocate()
    constants.deallocate()
    zones.deallocate()
    zoneStarts.deallocate()
    zoneOffsets.deallocate()
    listPlaces.deallocate()
    numberLists.deallocate()
    addressLists.deallocate()
  }

  // MARK: - Looking up

  /// The bytes of a text constant; see `Lowering`.
  @inline(__always)
  func text(_ place: Int64) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: texts.pointer + Int(place >> 16), count: Int(place & 0xFFFF))
  }

  /// The last of `count` rising elements that is not above `value`; the first one where all are above.
  @inline(__always)
  private static func search<Element: Comparable>(
    _ elements: UnsafePointer<Element>, _ count: Int, stride: Int = 1, _ value: Element
  ) -> Int {
    var (low, high) = (0, count)
    while high &- low > 1 {
      let middle = (low &+ high) &>> 1
      if elements[middle &* stride] <= value { low = middle } else { high = middle }
    }
    return low
  }

  /// The zone's offset at a time, and how long it holds. Not inlined: its division would be done before every program.
  @inline(never)
  func offset(at time: Int64, zone index: Int32) -> ZoneOffset {
    let zone = zones[Int(index)]
    let starts = zoneStarts.pointer + Int(zone.first)
    let place = Self.search(starts, Int(zone.count), time.floorDivided(by: 1_000))
    return ZoneOffset(
      zone: index, start: starts[place].multipliedSaturated(by: 1_000),
      end: place &+ 1 < Int(zone.count) ? starts[place &+ 1].multipliedSaturated(by: 1_000) : .max,
      milliseconds: Int64(zoneOffsets[Int(zone.first) &+ place]) &* 1_000)
  }

  func hasNumber(_ value: Int64, list index: Int32) -> Bool {
    let place = listPlaces[Int(index)]
    guard place.count > 0 else { return false }
    let numbers = numberLists.pointer + Int(place.first)
    return numbers[Self.search(numbers, Int(place.count), value)] == value
  }

  func hasAddress(_ bits: UInt128, list index: Int32) -> Bool {
    let place = listPlaces[Int(index)]
    guard place.count > 0 else { return false }
    let ranges = addressLists.pointer + Int(place.first)
    let range = Self.search(ranges, Int(place.count), stride: 2, bits)
    return ranges[2 &* range] <= bits && bits <= ranges[2 &* range &+ 1]
  }
}

extension Int64 {
  /// Rounded towards the past, whatever the sign.
  @inline(__always)
  func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient &- 1 : quotient
  }

  @inline(__always)
  func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  @inline(__always)
  func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  @inline(__always)
  func multipliedSaturated(by other: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}

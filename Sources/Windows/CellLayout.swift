/// How the cells of a window lie in memory: which kind of cell answers for its shape, and how wide it is.
struct CellLayout {
  enum Kind {
    case count
    case countSeries
    case distinct
    case distinctSeries
    case sum
    case average
    case minimum
    case maximum
    case first
    case last
  }

  /// Up to this many values a cell keeps everything in its slot, which then is one cache line at most. Wider cells keep
  /// their first four words there, so that keys with few events stay small.
  static let mostValuesInSlot = 3

  let kind: Kind
  let capacity: Int
  /// Words of a cell within the slot.
  let words: Int
  /// Words of an event.
  let stride: Int
  /// Whether cells are series, which may own a block.
  let isSeries: Bool

  init(_ shape: WindowShape) {
    capacity = shape.capacity
    stride = shape.aggregate == .count ? 1 : 2
    let fits =
      shape.aggregate == .count
      ? capacity <= CountCell.greatestCapacity && shape.longestSpanMilliseconds <= CountCell.longestSpan
      : capacity <= Self.mostValuesInSlot
    kind =
      switch shape.aggregate {
      case .count: fits ? .count : .countSeries
      case .distinct: fits ? .distinct : .distinctSeries
      case .sum: .sum
      case .average: .average
      case .minimum: .minimum
      case .maximum: .maximum
      case .first: .first
      case .last: .last
      }
    isSeries =
      switch kind {
      case .count, .distinct, .last: false
      case .countSeries, .distinctSeries, .sum, .average, .minimum, .maximum, .first: true
      }
    words =
      switch kind {
      case .count: CountCell.words(forCapacity: capacity)
      case .distinct, .last: capacity * stride
      default: EventSeries.slotWords
      }
  }

  @inline(__always)
  func series(_ words: UnsafeMutablePointer<Int64>) -> EventSeries {
    EventSeries(cell: words, stride: stride, limit: capacity)
  }

  /// The newest time in a cell.
  @inline(__always)
  func newest(_ words: UnsafeMutablePointer<Int64>) -> Int64 {
    isSeries ? EventSeries.newest(of: words, stride: stride) : words[0]
  }

  /// A cell for the calls that need not be quick.
  func cell(_ words: UnsafeMutablePointer<Int64>) -> any WindowCell {
    switch kind {
    case .count: CountCell(words: words, capacity: capacity)
    case .countSeries: CountSeriesCell(series: series(words))
    case .distinct: DistinctCell(words: words, capacity: capacity)
    case .distinctSeries: DistinctSeriesCell(series: series(words))
    case .sum: SumCell(series: series(words), isAverage: false)
    case .average: SumCell(series: series(words), isAverage: true)
    case .minimum: ExtremeCell(series: series(words), isMinimum: true)
    case .maximum: ExtremeCell(series: series(words), isMinimum: false)
    case .first: FirstCell(series: series(words))
    case .last: LastCell(words: words)
    }
  }
}

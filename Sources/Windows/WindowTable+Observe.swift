import CLinux

extension WindowTable {
  /// How many operations ahead a slot's memory is asked for: enough to hide a miss, few enough to stay in the first
  /// cache.
  static let prefetchDistance = 12

  /// Asks for the memory that the first of `operations` will touch; `observe` itself asks for that of the others. Worth
  /// it while another table's operations are under way.
  public func prefetch(_ operations: UnsafeBufferPointer<WindowOperation>) {
    for operation in operations.prefix(Self.prefetchDistance) { prefetch(operation.key) }
  }

  @inline(__always)
  private func prefetch(_ key: Hash128) {
    let home = home(of: key)
    cl_prefetch(home)
    cl_prefetch(home + 64)
    cl_prefetch(home + 128)
  }

  /// One step for each of `operations`, in their order: answers its spans and, for `.record`, counts its event.
  ///
  /// - Parameters:
  ///   - spans: lengths in milliseconds where the operations point to; each is taken as the nearest within 1…the shape's
  ///     longest span.
  ///   - readings: receives a reading for each span where the operations point to; may be uninitialised.
  public func observe(
    _ operations: UnsafeBufferPointer<WindowOperation>, spans: UnsafePointer<Int64>,
    into readings: UnsafeMutablePointer<WindowReading>
  ) {
    switch layout.kind {
    case .count: observeSlots(of: CountCell.self, operations, spans, readings)
    case .distinct: observeSlots(of: DistinctCell.self, operations, spans, readings)
    default: observeOthers(operations, spans, readings)
    }
  }

  /// An event that counts and is not earlier than any other, as nearly all are, is within every span and never late. So
  /// there is a short way for it, all in this loop; see `WindowCell.observe` for the long one.
  @inline(never)
  private func observeSlots<Cell: SlotCell>(
    of _: Cell.Type, _ operations: UnsafeBufferPointer<WindowOperation>, _ spans: UnsafePointer<Int64>,
    _ readings: UnsafeMutablePointer<WindowReading>
  ) {
    let (capacity, longestSpan) = (layout.capacity, limits.longestSpan)
    forEach(operations, spans, readings) { operation, words in
      let cell = Cell(words: words, capacity: capacity)
      let newest = cell.newest
      guard operation.pointee.contribution != .none && operation.pointee.time >= newest else {
        return observeInSlot(operation, words, spans, readings)
      }
      let event = WindowEvent(operation)
      var span = spans + Int(operation.pointee.firstSpan)
      let end = span + Int(operation.pointee.readingCount)
      var place = readings + Int(operation.pointee.firstReading)
      while span < end {
        let edge = max(event.time &- min(max(span.pointee, 1), longestSpan), -1)
        var reading = cell.reading(after: edge, adding: true, event)
        reading.isPresent = true
        reading.previousMilliseconds = newest > edge ? newest : -1
        place.initialize(to: reading)
        place += 1
        span += 1
      }
      if operation.pointee.contribution == .record { cell.insertNewest(event) }
    }
  }

  /// A late event, or one that is not to count.
  @inline(never)
  private func observeInSlot(
    _ operation: UnsafePointer<WindowOperation>, _ words: UnsafeMutablePointer<Int64>, _ spans: UnsafePointer<Int64>,
    _ readings: UnsafeMutablePointer<WindowReading>
  ) {
    if layout.kind == .count {
      var cell = CountCell(words: words, capacity: layout.capacity)
      _ = cell.observe(operation, limits: limits, spans: spans, into: readings)
    } else {
      var cell = DistinctCell(words: words, capacity: layout.capacity)
      _ = cell.observe(operation, limits: limits, spans: spans, into: readings)
    }
  }

  @inline(never)
  private func observeOthers(
    _ operations: UnsafeBufferPointer<WindowOperation>, _ spans: UnsafePointer<Int64>,
    _ readings: UnsafeMutablePointer<WindowReading>
  ) {
    forEach(operations, spans, readings) { observe($0, $1, spans, readings) }
  }

  /// Finds the cells of the operations' keys one after another. A key that is not there and not to be recorded has an
  /// empty one; with nothing to read there, and nothing added, its readings are empty without a look.
  @inline(__always)
  private func forEach(
    _ operations: UnsafeBufferPointer<WindowOperation>, _ spans: UnsafePointer<Int64>,
    _ readings: UnsafeMutablePointer<WindowReading>,
    _ body: (UnsafePointer<WindowOperation>, UnsafeMutablePointer<Int64>) -> Void
  ) {
    guard var next = operations.baseAddress else { return }
    let end = next + operations.count
    let prefetchEnd = end - min(Self.prefetchDistance, operations.count)
    while next < end {
      let operation = next
      next += 1
      if operation < prefetchEnd { prefetch(operation[Self.prefetchDistance].key) }
      let key = Self.storable(operation.pointee.key)
      let slot = place(of: key)
      var words = WindowSegment.cell(slot)
      let isThere = WindowSegment.key(slot) == key
      if !isThere { words = operation.pointee.contribution == .record ? WindowSegment.cell(insert(key)) : blank }
      if isThere || operation.pointee.contribution != .none {
        body(operation, words)
      } else {
        operation.forEachSpan(spans, limits, readings) { _ in WindowReading() }
      }
      if ledger != nil { markLosses(operation, words, spans, readings) }
    }
  }

  /// The step for cells that may own a block.
  private func observe(
    _ operation: UnsafePointer<WindowOperation>, _ words: UnsafeMutablePointer<Int64>, _ spans: UnsafePointer<Int64>,
    _ readings: UnsafeMutablePointer<WindowReading>
  ) {
    @inline(__always)
    func observe(_ cell: some WindowCell) -> Int {
      var cell = cell
      return cell.observe(operation, limits: limits, spans: spans, into: readings)
    }
    /// For aggregates that need every event.
    @inline(__always)
    func observeAll(_ cell: some WindowCell) -> Int {
      let lost = cell.lost
      let bytes = observe(cell)
      if layout.series(words).lost != lost { droppedEvents &+= 1 }
      return bytes
    }
    let bytes =
      switch layout.kind {
      case .count, .distinct: 0
      case .countSeries: observe(CountSeriesCell(series: layout.series(words)))
      case .distinctSeries: observe(DistinctSeriesCell(series: layout.series(words)))
      case .sum: observeAll(SumCell(series: layout.series(words), isAverage: false))
      case .average: observeAll(SumCell(series: layout.series(words), isAverage: true))
      case .minimum: observeAll(ExtremeCell(series: layout.series(words), isMinimum: true))
      case .maximum: observeAll(ExtremeCell(series: layout.series(words), isMinimum: false))
      case .first: observeAll(FirstCell(series: layout.series(words)))
      case .last: observe(LastCell(words: words))
      }
    blockBytes &+= bytes
  }
}

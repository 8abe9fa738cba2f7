import Windows

extension WindowTable {
  convenience init(
    _ aggregate: WindowShape.Aggregate, capacity: Int, span: Int64 = 1_000, lateness: Int64 = 1_000,
    maximumKeys: Int = .max
  ) throws {
    let shape = try WindowShape(
      aggregate: aggregate, capacity: capacity, longestSpanMilliseconds: span, latenessMilliseconds: lateness)
    self.init(shape: shape, maximumKeys: maximumKeys)
  }

  @discardableResult
  func observe(
    _ key: Hash128, at time: Int64, value: Int64 = 0, _ contribution: WindowContribution = .record, spans: [Int64]
  ) -> [WindowReading] {
    [WindowReading](unsafeUninitializedCapacity: spans.count + 1) { readings, count in
      guard let start = readings.baseAddress else { return }
      spans.withUnsafeBufferPointer { spans in
        guard let first = spans.baseAddress else { return }
        let operation = WindowOperation(
          key: key, value: value, time: time, readingCount: Int16(spans.count), contribution: contribution)
        withUnsafePointer(to: operation) { operation in
          let operations = UnsafeBufferPointer(start: operation, count: 1)
          prefetch(operations)
          observe(operations, spans: first, into: start)
        }
      }
      count = spans.count
    }
  }

  /// The value of one span.
  @discardableResult
  func value(
    _ key: Hash128, at time: Int64, value: Int64 = 0, _ contribution: WindowContribution = .record, span: Int64
  ) -> Int64 {
    observe(key, at: time, value: value, contribution, spans: [span])[0].value
  }

  func exported(chunk: Int = .max) -> [UInt8] {
    var bytes: [UInt8] = []
    var last: Hash128?
    repeat { last = exportKeys(after: last, limit: chunk, to: &bytes) } while last != nil
    return bytes
  }
}

extension Hash128 {
  /// A key such as a hasher would make.
  static func numbered(_ number: Int) -> Hash128 {
    var generator = SplitMix64(seed: UInt64(truncatingIfNeeded: number) &* 0xA24B_AED4_963E_E407)
    return Hash128(high: generator.next(), low: generator.next())
  }
}

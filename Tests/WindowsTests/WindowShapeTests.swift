import Testing
import Windows

@Suite("Window shapes")
struct WindowShapeTests {
  @Test("the limits themselves are accepted")
  func limits() throws {
    for (capacity, span, lateness) in [
      (1, Int64(1), Int64(0)),
      (WindowShape.maximumCapacity, WindowShape.maximumSpanMilliseconds, WindowShape.maximumSpanMilliseconds),
    ] {
      let shape = try WindowShape(
        aggregate: .count, capacity: capacity, longestSpanMilliseconds: span, latenessMilliseconds: lateness)
      #expect(shape.capacity == capacity)
      #expect(shape.longestSpanMilliseconds == span)
      #expect(shape.latenessMilliseconds == lateness)
    }
  }

  @Test("what is outside the limits is refused by name")
  func outside() {
    for capacity in [0, -1, WindowShape.maximumCapacity + 1, .max, .min] {
      #expect(throws: WindowShapeError.capacityOutOfRange(capacity)) { try shape(capacity: capacity) }
    }
    for span in [0, -1, WindowShape.maximumSpanMilliseconds + 1, .max, .min] {
      #expect(throws: WindowShapeError.spanOutOfRange(span)) { try shape(span: span) }
    }
    for lateness in [-1, WindowShape.maximumSpanMilliseconds + 1, .max, .min] {
      #expect(throws: WindowShapeError.latenessOutOfRange(lateness)) { try shape(lateness: lateness) }
    }
  }

  @Test("a refusal names the value and the range")
  func descriptions() {
    #expect(WindowShapeError.capacityOutOfRange(0).description == "a window keeps 1 to 65536 events of a key, not 0")
    #expect(WindowShapeError.spanOutOfRange(0).description.contains("34560000000 ms"))
    #expect(WindowShapeError.latenessOutOfRange(-1).description.contains("not -1"))
  }

  @Test("last keeps one event, whatever is asked for")
  func last() throws {
    let shape = try WindowShape(
      aggregate: .last, capacity: 9, longestSpanMilliseconds: 1, latenessMilliseconds: 0)
    #expect(shape.capacity == 1)
  }

  @discardableResult
  func shape(capacity: Int = 1, span: Int64 = 1, lateness: Int64 = 0) throws -> WindowShape {
    try WindowShape(
      aggregate: .count, capacity: capacity, longestSpanMilliseconds: span, latenessMilliseconds: lateness)
  }
}

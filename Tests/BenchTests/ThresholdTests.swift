import Testing

@testable import Bench

@Suite("A bound")
struct ThresholdTests {
  @Test(
    "is crossed on its far side only",
    arguments: [
      ("p99_us>500", 500.0, false), ("p99_us>500", 500.1, true), ("p99_us>=500", 500, true),
      ("p99_us>=500", 499, false),
      ("requests_per_second<10", 10, false), ("requests_per_second<10", 9, true), ("errors <= 0", 0, true),
      ("errors<=0", 1, false),
    ])
  func crossed(text: String, value: Double, expected: Bool) throws {
    #expect(try Threshold(text).isCrossed(by: value) == expected)
  }

  @Test("is crossed by a figure that is not there")
  func absent() throws {
    #expect(try Threshold("server_cpu>5").isCrossed(by: nil))
  }

  @Test("names every figure")
  func figures() throws {
    for figure in Figure.allCases { #expect(try Threshold("\(figure.rawValue)>1").figure == figure) }
  }
}

import Testing

@testable import Bench

@Suite("A quantity")
struct QuantityTests {
  @Test(
    "is written as people read it",
    arguments: [
      (0, "0"), (0.0625, "0.062"), (5, "5"), (54.12, "54.1"), (99.96, "100"), (100, "100"), (999.6, "1,000"),
      (2_012_345, "2,012,345"), (-1_234, "-1,234"),
    ])
  func numbers(value: Double, text: String) {
    #expect(Quantity.text(value) == text)
  }

  @Test("has its figure's unit")
  func units() {
    #expect(Quantity.text(.p99, 120) == "120 µs")
    #expect(Quantity.text(.requestsPerSecond, 5) == "5 /s")
    #expect(Quantity.text(.serverResident, 52_428_800) == "50 MiB")
    #expect(Quantity.text(.bytesSent, 2_048) == "2 KiB")
    #expect(Quantity.text(.errorShare, 0.001) == "0.1000 %")
    #expect(Quantity.text(.serverCPU, 0.5) == "0.500 cores")
    #expect(Quantity.text(.serverCPUPerRequest, 250) == "250 ns")
  }
}

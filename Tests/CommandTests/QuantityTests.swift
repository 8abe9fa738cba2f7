import Testing

@testable import gatehouse

@Suite("Numbers and progress as people read them")
struct QuantityTests {
  @Test("bytes are counted in powers of a thousand, to three digits")
  func bytes() {
    let cases: [(UInt64, String)] = [
      (0, "0 B"), (999, "999 B"), (1_000, "1.00 kB"), (34_200, "34.2 kB"), (999_499, "999 kB"), (999_500, "1.00 MB"),
      (1_073_741_824, "1.07 GB"), (.max, "18.4 EB"),
    ]
    for (count, text) in cases { #expect(Quantity.bytes(count) == text) }
  }

  @Test("times are seconds, then minutes")
  func seconds() {
    for (seconds, text) in [
      (0.0, "0.00 s"), (0.824, "0.82 s"), (12.44, "12.4 s"), (99.9, "99.9 s"), (200, "3 min 20 s"),
    ] {
      #expect(Quantity.seconds(seconds) == text)
    }
  }

  @Test("a bar shows how much is done, and what is left at the speed so far")
  func bar() {
    #expect(
      ProgressBar.line(done: 0, of: 1_000, elapsed: .zero)
        == "[--------------------]   0 %  0 B of 1.00 kB, 0.00 s left")
    #expect(
      ProgressBar.line(done: 500, of: 1_000, elapsed: .seconds(4))
        == "[##########----------]  50 %  500 B of 1.00 kB, 4.00 s left")
    #expect(ProgressBar.line(done: 7, of: 0, elapsed: .zero).hasPrefix("[####################] 100 %"))
  }
}

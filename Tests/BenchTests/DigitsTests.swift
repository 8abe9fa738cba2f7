import Foundation
import Testing

@testable import Bench

@Suite("Digits")
struct DigitsTests {
  private func text(_ digits: UInt64) -> String {
    withUnsafeBytes(of: digits) { String(decoding: $0, as: UTF8.self) }
  }

  @Test("decimal ones are those of the number, to the last below a hundred million")
  func decimal() {
    var random = SplitMix64(seed: 1)
    let edges: [UInt64] = [0, 1, 9, 10, 99, 100, 9_999, 10_000, 99_999, 12_345_678, 99_999_999]
    for number in edges + (0..<10_000).map({ _ in random.nextIndex(below: 100_000_000) }) {
      #expect(text(Digits.decimal(number)) == String(format: "%08d", Int(number)))
    }
  }

  @Test("decimal ones are right for every pair and quarter, so that no reciprocal is off by one")
  func quarters() {
    for quarter in 0..<10_000 as Range<UInt64> {
      #expect(text(Digits.decimal(quarter * 10_001)) == String(format: "%04d%04d", Int(quarter), Int(quarter)))
    }
  }

  @Test("hexadecimal ones are those of the number")
  func hexadecimal() {
    var random = SplitMix64(seed: 2)
    let edges: [UInt32] = [0, 1, 9, 10, 15, 16, 0x9A9A_9A9A, 0xA9A9_A9A9, 0xDEAD_BEEF, .max]
    for number in edges + (0..<10_000).map({ _ in UInt32(truncatingIfNeeded: random.next()) }) {
      #expect(text(Digits.hexadecimal(number)) == String(format: "%08x", number))
    }
  }
}

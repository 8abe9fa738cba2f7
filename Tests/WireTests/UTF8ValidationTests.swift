import Testing

@testable import Wire

@Suite("UTF-8 validation")
struct UTF8ValidationTests {
  private func agrees(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes(UTF8Validation.isValid) == (String(validating: bytes, as: UTF8.self) != nil)
  }

  @Test("agrees with the standard library on every sequence of two bytes, and of three that begins beyond ASCII")
  func shortSequences() {
    for first in UInt8.min ... .max {
      for second in UInt8.min ... .max {
        #expect(agrees([first, second]))
        guard first >= 0xe0, second % 8 == 7 || second % 8 == 0 else { continue }
        for third: UInt8 in [0, 0x7f, 0x80, 0xbf, 0xc0, 0xff] {
          #expect(agrees([first, second, third]))
          #expect(agrees([first, second, third, 0x80]))
        }
      }
    }
  }

  @Test("finds a bad byte at every place of a text of any length")
  func everyPlace() {
    for length in 0...40 {
      let text = [UInt8](repeating: 0x61, count: length)
      #expect(text.withUnsafeBytes(UTF8Validation.isValid))
      for place in text.indices {
        var bad = text
        bad[place] = 0x80
        #expect(!bad.withUnsafeBytes(UTF8Validation.isValid))
      }
    }
  }

  @Test("accepts a character that ends the text and refuses its parts")
  func lastCharacter() {
    let text = Array("0123456789abcde😀".utf8)
    #expect(text.withUnsafeBytes(UTF8Validation.isValid))
    for dropped in 1...3 {
      #expect(!text.dropLast(dropped).withUnsafeBytes(UTF8Validation.isValid))
    }
  }
}

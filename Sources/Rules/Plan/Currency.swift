/// How many decimals the currencies of ISO 4217 have.
enum Currency {
  static func fractionDigits(_ code: String) -> Int {
    let bytes = Array(code.utf8)
    return bytes.count == 3 ? fractionDigits(bytes[0], bytes[1], bytes[2]) : 2
  }

  /// Of the currency with these three letters; what is not known has hundredths, as most have.
  static func fractionDigits(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    switch UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third) {
    case code("BIF"), code("CLP"), code("DJF"), code("GNF"), code("ISK"), code("JPY"), code("KMF"), code("KRW"),
      code("PYG"), code("RWF"), code("UGX"), code("UYI"), code("VND"), code("VUV"), code("XAF"), code("XOF"),
      code("XPF"):
      0
    case code("BHD"), code("IQD"), code("JOD"), code("KWD"), code("LYD"), code("OMR"), code("TND"): 3
    case code("CLF"), code("UYW"): 4
    default: 2
    }
  }

  /// Three letters in one number.
  @inline(__always)
  private static func code(_ letters: StaticString) -> UInt32 {
    letters.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
  }

  /// Three capital letters.
  static func isCode(_ text: String) -> Bool {
    text.utf8.count == 3 && text.utf8.allSatisfy { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
  }
}

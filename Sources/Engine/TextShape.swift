/// How a short code of the contract is spelled. Anything goes for a text without a shape.
enum TextShape: UInt8, BitwiseCopyable {
  case any
  /// ISO 3166-1 alpha-2: two capital letters.
  case country
  /// ISO 4217: three capital letters.
  case currency
  /// A card's last four digits.
  case lastDigits
  /// A card's issuer: six or eight digits.
  case issuer
  /// W3C trace context: 32 lower-case hexadecimal digits.
  case traceID
  /// 1 to 64 bytes of [a-z0-9_].
  case word
  /// 1 to 64 bytes of [a-z0-9_.].
  case attributeKey

  /// The longest word and the longest key of an attribute, in bytes.
  static let maxWordBytes = 64

  func fits(_ text: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .any: true
    case .country: text.count == 2 && text.allSatisfy(isCapital)
    case .currency: text.count == 3 && text.allSatisfy(isCapital)
    case .lastDigits: text.count == 4 && text.allSatisfy(isDigit)
    case .issuer: (text.count == 6 || text.count == 8) && text.allSatisfy(isDigit)
    case .traceID: text.count == 32 && text.allSatisfy(isLowercaseHexadecimal)
    case .word: !text.isEmpty && text.count <= Self.maxWordBytes && text.allSatisfy(isWordCharacter)
    case .attributeKey: !text.isEmpty && text.count <= Self.maxWordBytes && text.allSatisfy(isAttributeCharacter)
    }
  }
}

private func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
private func isLowercaseHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || byte &- 0x61 < 6 }
private func isWordCharacter(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 || isDigit(byte) || byte == 0x5F }
private func isAttributeCharacter(_ byte: UInt8) -> Bool { isWordCharacter(byte) || byte == 0x2E }

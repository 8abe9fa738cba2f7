import Foundation

/// RFC 4648 section 4, strictly: one encoding for each sequence of bytes, no blanks, no missing padding.
enum Base64 {
  static func encode(_ bytes: some Collection<UInt8>) -> String { Data(bytes).base64EncodedString() }

  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    guard let data = Data(base64Encoded: String(text)), data.base64EncodedString() == text else { return nil }
    return Array(data)
  }
}

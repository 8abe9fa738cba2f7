/// The messages of `Protocol/vectors`.
enum MessageSeeds {
  /// The bytes of every vector whose message is one of `types`; of all for nil.
  static func vectors(of types: Set<String>? = nil) -> [[UInt8]] {
    let text = String(decoding: repositoryFile("Protocol/vectors/messages.txt"), as: UTF8.self)
    var type = ""
    var seeds: [[UInt8]] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("type: ") { type = String(line.dropFirst(6)) }
      if line.hasPrefix("bytes:"), types?.contains(type) ?? true { seeds.append(bytes(line.dropFirst(6))) }
    }
    require(!seeds.isEmpty, "there are no such vectors")
    return seeds
  }

  private static func bytes(_ hexadecimal: Substring) -> [UInt8] {
    let digits = hexadecimal.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}

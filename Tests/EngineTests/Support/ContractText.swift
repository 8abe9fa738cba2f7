import GatehouseProtocol

/// What the comments of gatehouse.proto say about sizes: every field's "at most N bytes".
enum ContractText {
  /// By message and field: `Activity.reason` → 256.
  static func byteLimits(of messages: Set<String>) -> [String: Int] {
    var limits: [String: Int] = [:]
    var message = ""
    var comment = ""
    for line in GatehouseProto.text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.split(separator: " ")
      if words.first == "message", words.count > 1 { message = String(words[1]) }
      if words.first == "//" {
        comment += line.drop { $0 == " " || $0 == "/" } + " "
      } else {
        if let name = fieldName(words), messages.contains(message), let limit = byteLimit(in: comment) {
          limits["\(message).\(name)"] = limit
        }
        comment = ""
      }
    }
    return limits
  }

  private static func fieldName(_ words: [Substring]) -> Substring? {
    guard let equals = words.firstIndex(of: "="), equals > 1, words[0] == "string" else { return nil }
    return words[equals - 1]
  }

  private static func byteLimit(in comment: String) -> Int? {
    guard let match = comment.firstMatch(of: /[Aa]t most (\d+) bytes/) else { return nil }
    return Int(match.1)
  }
}

import GatehouseProtocol

/// Random messages of the kinds that are viewed in place.
struct RandomMessages {
  var generator: SeededGenerator

  /// How likely a field is there.
  var density = 0.5

  mutating func text() -> String {
    guard generator.chance(density) else { return "" }
    let texts = ["a", "Zürich", "東京", "😀 and more", "c-1029384756", "create", "203.0.113.77", "0123456789abcdef"]
    let text = texts.randomElement(using: &generator) ?? ""
    return generator.chance(0.1) ? String(repeating: text, count: Int.random(in: 1...40, using: &generator)) : text
  }

  mutating func time() -> Int64? {
    guard generator.chance(density) else { return nil }
    return [0, 1, -1, 1_767_225_600_000, .max, .min].randomElement(using: &generator)
  }

  mutating func degrees() -> Double? {
    guard generator.chance(density) else { return nil }
    return [0, -0.0, 81.25, -.infinity, .leastNonzeroMagnitude].randomElement(using: &generator)
  }

  mutating func number() -> Int32 {
    generator.chance(density) ? [1, 2, 3, 77, -1, .min, .max].randomElement(using: &generator) ?? 0 : 0
  }

  mutating func flag() -> Bool? {
    generator.chance(density) ? Bool.random(using: &generator) : nil
  }

  mutating func maybe<Message>(_ make: (inout RandomMessages) -> Message) -> Message? {
    generator.chance(density) ? make(&self) : nil
  }

  mutating func location() -> Location {
    Location(
      country: text(), region: text(), city: text(), timeZone: text(), latitude: degrees(), longitude: degrees())
  }

  mutating func activity() -> Activity {
    var attributes: [String: String] = [:]
    for _ in 0..<(generator.chance(density) ? Int.random(in: 0...5, using: &generator) : 0) {
      attributes[text()] = text()
    }
    return Activity(
      id: text(), occurredAt: time(), customerID: text(),
      actor: maybe { Actor(kind: .init(rawValue: $0.number()), id: $0.text()) }, entity: text(), entityID: text(),
      action: text(), wasSuccessful: flag(), reason: text(), clientIP: text(), userAgent: text(), deviceID: text(),
      sessionID: text(), location: maybe { $0.location() },
      amount: maybe { Money(minorUnits: $0.time() ?? 0, currency: $0.text()) },
      card: maybe { Card(fingerprint: $0.text(), last4: $0.text(), bin: $0.text()) },
      membership: maybe { Membership(id: $0.text(), startedAt: $0.time()) }, category: .init(rawValue: number()),
      importance: .init(rawValue: number()), traceID: text(), attributes: attributes, home: maybe { $0.location() })
  }

  mutating func evaluateRequest() -> EvaluateRequest {
    EvaluateRequest(
      activity: maybe { $0.activity() }, mode: .init(rawValue: number()), durability: .init(rawValue: number()))
  }

  /// The bytes with some damage.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes.removeSubrange(place...)
      case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      case 3: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
      case 4 where place < bytes.count: bytes.remove(at: place)
      default:
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 0...30, using: &generator))
        bytes.insert(contentsOf: Array(bytes[start..<end]), at: place)
      }
    }
    return bytes
  }
}

import Arguments

/// A value with a text form of its own, as programs have them.
struct Place: Hashable, Sendable, CustomStringConvertible {
  let name: String
  let number: Int

  init?(_ text: String) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let number = Int(parts[1]) else { return nil }
    name = String(parts[0])
    self.number = number
  }

  var description: String { "\(name):\(number)" }

  static let type = ValueType<Place>(
    placeholder: "PLACE", noun: "a place", advice: "give NAME:NUMBER", parse: { Place($0) }, format: { $0.description })
}

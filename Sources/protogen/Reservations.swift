/// Numbers and names that a message or enumeration must not use again.
struct Reservations {
  var numbers: [ClosedRange<Int>] = []
  var names: Set<String> = []

  /// Errors: a field or value that uses what is reserved.
  func check(_ name: String, _ number: Int, at position: Position) throws(Diagnostic) {
    guard !names.contains(name) else { throw Diagnostic("the name '\(name)' is reserved", at: position) }
    guard !numbers.contains(where: { $0.contains(number) }) else {
      throw Diagnostic("the number \(number) is reserved", at: position)
    }
  }
}

import Wire

/// What is wrong with an activity, gathered so that the caller is told all of it at once. Costs nothing while it is
/// empty.
struct Violations {
  private(set) var list: [RPCError.Violation] = []
  /// More are not listed.
  static let maxListed = 16

  mutating func add(_ field: StaticString, _ description: StaticString) {
    guard list.count < Self.maxListed else { return }
    list.append(RPCError.Violation(field: "\(field)", description: "\(description)"))
  }
}

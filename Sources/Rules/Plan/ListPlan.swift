import Windows

/// A named list as it is compared with another version's.
public struct ListPlan: Hashable, Sendable {
  public let name: String
  /// How many elements it has.
  public let count: Int
  /// A hash of its elements in their order: equal for lists that hold the same.
  public let identity: Hash128
}

extension ListPlan {
  /// Nil for a list that is written where it is used: it is part of its rule.
  init?(_ list: CheckedList) {
    guard !list.name.isEmpty else { return nil }
    name = list.name
    switch list.elements {
    case .texts(let elements): count = elements.count
    case .numbers(let elements): count = elements.count
    case .addresses(let ranges): count = ranges.count
    }
    let content = CanonicalText.content(of: list)
    // What is public needs no secret.
    identity = Array(content.utf8).withUnsafeBytes { KeyHasher(key0: 0, key1: 0).hash($0) }
  }
}

/// "Did you mean": the candidate that is fewest edits away.
enum EditDistance {
  /// Longer names are not compared: nobody mistypes them by accident, and the cost is the product of the lengths.
  static let maxComparedBytes = 64

  /// The nearest candidate, if it is near enough to be what was meant: at most a third of its letters differ,
  /// and not all of them.
  static func nearest<Candidates: Sequence<String>>(to name: String, among candidates: Candidates) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      guard let distance = distance(name, candidate), distance <= max(1, name.utf8.count / 3),
        distance < name.utf8.count
      else { continue }
      if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) between two names.
  static func distance(_ left: String, _ right: String) -> Int? {
    let (left, right) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
    guard max(left.count, right.count) <= maxComparedBytes else { return nil }
    var older: [Int] = []
    var previous = Array(0...right.count)
    for i in left.indices {
      var current = [i + 1]
      for j in right.indices {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, older[j - 1] + 1) }
        current.append(cost)
      }
      (older, previous) = (previous, current)
    }
    return previous[right.count]
  }
}

/// The candidate that a mistyped word most likely meant, or nil when none is near: at most a third of the letters
/// wrong, missing, too many or swapped with their neighbour. The first of equally near ones.
///
/// Cost: length × length for each candidate; words over 64 letters are not compared.
public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let limit = max(1, word.count / 3)
  guard (1...maximumSuggestionLetters).contains(word.count) else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates where candidate.count <= maximumSuggestionLetters {
    let distance = editDistance(Array(word.lowercased()), Array(candidate.lowercased()))
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

private let maximumSuggestionLetters = 64

/// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours, each 1.
/// See G. Navarro, "A guided tour to approximate string matching", ACM Computing Surveys 33 (2001).
func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}

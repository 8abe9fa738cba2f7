/// "Did you mean": the candidate that a mistyped word most likely meant, or nil when none is near. At most a third of the
/// letters, and not all of them, are wrong, missing, too many or swapped with their neighbour; capitals are no mistake. Of
/// equally near ones the first in the order of the alphabet, whatever the order of the candidates.
///
/// Cost: length × length for each candidate. Words over 64 bytes are not compared: nobody mistypes them by accident.
public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  guard word.utf8.count <= maxComparedBytes else { return nil }
  let limit = min(max(1, word.utf8.count / 3), word.utf8.count - 1)
  let letters = Array(word.lowercased().utf8)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates where candidate.utf8.count <= maxComparedBytes {
    let distance = editDistance(letters, Array(candidate.lowercased().utf8))
    guard distance <= limit else { continue }
    if let best, (best.distance, best.candidate) <= (distance, candidate) { continue }
    best = (candidate, distance)
  }
  return best?.candidate
}

private let maxComparedBytes = 64

/// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours, each 1.
/// See G. Navarro, "A guided tour to approximate string matching", ACM Computing Surveys 33 (2001).
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
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

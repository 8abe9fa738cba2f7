import Testing

@testable import Spelling

@Suite("Did you mean")
struct SuggestionTests {
  @Test(
    "a near word is found, a far one is not",
    arguments: [
      ("lisen", "listen"), ("lsiten", "listen"), ("LISTEN", "listen"), ("data-dir", nil), ("jsn", "json"), ("x", nil),
      ("", nil), ("customerid", "customer_id"), ("frictoin", "friction"), ("acess_blocked", "access_blocked"),
    ])
  func near(word: String, expected: String?) {
    let known = ["listen", "json", "customer_id", "durability", "friction", "access_blocked"]
    #expect(nearest(to: word, among: known) == expected)
  }

  @Test("a word without end is not compared")
  func long() {
    let word = String(repeating: "a", count: 65)
    #expect(nearest(to: word, among: [word]) == nil)
  }

  @Test("capitals are no mistake; of equally near words the first of the alphabet is meant")
  func ties() {
    #expect(nearest(to: "ABCD", among: ["abcf", "abce"]) == "abce")
    #expect(nearest(to: "ABCD", among: ["abce", "abcf"]) == "abce")
    #expect(nearest(to: "ab", among: ["xy", "x"]) == nil, "every letter differs")
  }

  @Test(
    "the distance counts insertions, deletions, changes and swaps, the same both ways",
    arguments: [
      ("", "", 0), ("abc", "abc", 0), ("abc", "ab", 1), ("abc", "abcd", 1), ("abc", "axc", 1), ("abc", "acb", 1),
      ("kitten", "sitting", 3), ("listen", "silent", 4),
    ])
  func distance(left: String, right: String, expected: Int) {
    #expect(editDistance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(editDistance(Array(right.utf8), Array(left.utf8)) == expected)
  }
}

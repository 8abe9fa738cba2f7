import Testing

@testable import Arguments

@Suite("Did you mean")
struct SuggestionTests {
  @Test(
    "a near word is found, a far one is not",
    arguments: [
      ("lisen", "listen"), ("lsiten", "listen"), ("LISTEN", "listen"), ("data-dir", nil), ("jsn", "json"), ("x", nil),
      ("", nil), ("customerid", "customer_id"),
    ])
  func near(word: String, expected: String?) {
    #expect(nearest(to: word, among: ["listen", "json", "customer_id", "durability"]) == expected)
  }

  @Test("a word without end is not compared")
  func long() {
    let word = String(repeating: "a", count: 65)
    #expect(nearest(to: word, among: [word]) == nil)
  }

  @Test("the distance is a metric's: zero to itself, the same both ways, a swap is one")
  func distance() {
    let words = ["", "a", "ab", "ba", "abc", "acb", "listen", "silent"].map(Array.init)
    for a in words {
      #expect(editDistance(a, a) == 0)
      for b in words { #expect(editDistance(a, b) == editDistance(b, a)) }
    }
    #expect(editDistance(Array("ab"), Array("ba")) == 1)
    #expect(editDistance(Array("kitten"), Array("sitting")) == 3)
  }
}

import Foundation
import Testing

@testable import Bench

@Suite("The page")
struct HTMLReportTests {
  private let one = HTMLReport(Sample.result()).page()
  private let two = HTMLReport(
    Sample.result(), Sample.result { $0.details.name = "other" },
    comparison: Comparison(Sample.result(), Sample.result(), tolerance: 0.05)
  ).page()

  @Test("needs nothing from elsewhere")
  func selfContained() {
    for page in [one, two] {
      for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"] {
        #expect(!page.contains(word), "\(word)")
      }
    }
  }

  @Test("is well-formed, with every element closed", arguments: [false, true])
  func wellFormed(isComparison: Bool) throws {
    let page = isComparison ? two : one
    var open: [String] = []
    for match in page.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) {
      let name = String(match.2)
      if !match.3.isEmpty || ["meta", "br"].contains(name) { continue }
      if match.1.isEmpty {
        open.append(name)
      } else {
        #expect(open.popLast() == name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test("draws one curve for a run and two for a comparison, in light and dark")
  func curves() {
    #expect(one.matches(of: /<polyline/).count == 2)
    #expect(two.matches(of: /<polyline/).count == 4)
    #expect(one.contains("prefers-color-scheme: dark"))
    #expect(two.contains("Verdict: B is same."))
  }

  @Test("keeps its lines inside the picture")
  func bounds() {
    for match in two.matches(of: /points="([^"]*)"/) {
      for pair in match.1.split(separator: " ") {
        let numbers = pair.split(separator: ",").compactMap { Double($0) }
        #expect(numbers.count == 2 && (78...844).contains(numbers[0]) && (14...294).contains(numbers[1]))
      }
    }
  }

  @Test("shows names as text, whatever they hold")
  func escaping() {
    let page = HTMLReport(Sample.result { $0.details.name = "<script>\"a\" & 'b'" }).page()
    #expect(!page.contains("<script>"))
    #expect(page.contains("&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;"))
  }

  @Test("of a run without answers is a page all the same")
  func empty() {
    let page = HTMLReport(
      Sample.result {
        $0.figures = Figures()
        $0.details.curve = []
        $0.details.timeline = []
      }
    ).page()
    #expect(page.contains("</html>") && !page.contains("nan") && !page.contains("inf\""))
  }
}

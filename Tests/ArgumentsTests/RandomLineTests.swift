import Arguments
import Testing

@Suite("Any command line")
struct RandomLineTests {
  static let words = [
    "serve", "rules", "compare", "say", "help", "--", "-", "--help", "-h", "--version", "--json", "--no-json", "-j",
    "-jq",
    "--json=", "--io-queues", "-i", "-i4", "--io-queues=4", "--config", "--config=f", "--listen", "a:1", "a:1,b:2", "",
    "=", "--=", "-=", "---", "--no-", "-5", "é", "--é=😀", "\u{0}", "--timeout=5s", "99999999999999999999",
  ]

  @Test("is either understood or refused with a message, whatever it is and always the same")
  func total() {
    var state: UInt64 = 1
    func random(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<5_000 {
      let arguments = (0..<random(below: 7)).map { _ in Self.words[random(below: Self.words.count)] }
      #expect(outcome(arguments) == outcome(arguments), "\(arguments)")
      #expect(outcome(arguments) != "", "\(arguments)")
    }
  }

  private func outcome(_ arguments: [String]) -> String {
    let invocation = Invocation(arguments: arguments, environment: [:], readFile: { _ in "io-queues = 2" })
    do throws(UsageError) {
      switch try Sample.program.read(invocation) {
      case .run(let action, _): return action
      case .text(let text): return text
      }
    } catch {
      return error.message
    }
  }
}

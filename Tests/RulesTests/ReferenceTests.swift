import Testing

@testable import Rules

/// The reference says what is so.
@Suite struct ReferenceTests {
  @Test("every field, effect, aggregate and word of the language is in the reference")
  func vocabulary() throws {
    let reference = try repositoryFile("Protocol/rules.md")
    for name in Field.allCases.map(\.name) { #expect(reference.contains("`\(name)`"), "\(name)") }
    let words = Effect.allCases.compactMap(\.keyword) + Parser.clauseWords + Parser.declarationWords
    for word in words { #expect(reference.contains("\"\(word)\""), "\(word)") }
    for aggregate in Aggregate.allCases where aggregate != .timeSince {
      #expect(reference.contains("\"\(aggregate.rawValue)\""), "\(aggregate)")
    }
  }

  @Test("the bounds that it states are the bounds")
  func bounds() throws {
    let reference = try repositoryFile("Protocol/rules.md")
    #expect(reference.contains("most \(Limits.maxAttributes) different ones"))
    #expect(Limits.maxCountThreshold == 10_000 && reference.contains("(0 to 10,000)"))
    #expect(Limits.maxGroupFields == 4 && reference.contains("one to four fields"))
    #expect(ZoneTable.firstYear == 2000 && ZoneTable.endYear == 2071 && reference.contains("2000 to 2070"))
  }

  @Test("its example compiles")
  func example() throws {
    let reference = try repositoryFile("Protocol/rules.md")
    let example = try #require(reference.split(separator: "```").dropFirst().first)
    #expect(compile(String(example)).ruleSet != nil)
  }
}

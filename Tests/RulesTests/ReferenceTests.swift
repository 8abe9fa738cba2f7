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
    let stated = [
      "1,024 rules": Limits.maxRules, "256 counters": Limits.maxCounters, "256 lists": Limits.maxLists,
      "256 named": Limits.maxDefinitions, "256 kinds": Limits.maxKinds, "1,024 different": Limits.maxReadings,
      "64 different": Limits.maxKeyParts, "1,000 parts": Limits.maxExpressionNodes,
      "4,096 parts": Limits.maxExpressionPartsInPlace, "160 levels": Limits.maxDepthInPlace,
      "64 values": Limits.maxStackDepth, "64 levels": Limits.maxNesting, "200,000 parts": Limits.maxPartsInPlace,
      "1,024 lists in place": Limits.maxInlineLists, "512 patterns": Limits.maxPatterns,
      "32 time zones": Limits.maxTimeZones, "100,000 elements": Limits.maxListElements,
      "1,024 bytes": Limits.maxTextBytes, "64 bytes": Limits.maxNameBytes, "2,048 bytes": RuleSet.maxMessageBytes,
    ]
    for (words, limit) in stated {
      #expect(reference.contains(words) && Int(words.filter(\.isNumber)) == limit, "\(words)")
    }
    #expect(ZoneTable.firstYear == 2000 && ZoneTable.endYear == 2071 && reference.contains("2000 to 2070"))
  }

  @Test("what it says of locked customers is so, and its examples compile")
  func examples() throws {
    let reference = try repositoryFile("Protocol/rules.md")
    for word in [CustomerLock.lockKind, CustomerLock.unlockKind, CustomerLock.lengthAttribute] {
      #expect(reference.contains("`\(word)`"), "\(word)")
    }
    #expect(CustomerLock.maxMilliseconds == 400 * 86_400_000 && reference.contains("longer than 400 days"))
    let examples = reference.components(separatedBy: "```").filter { $0.contains("\nrule ") && $0.contains("\n  on ") }
    #expect(examples.count == 2)
    for example in examples { #expect(compile(example).ruleSet != nil) }
  }
}

import ProtoJSON
import Testing

@testable import gatehouse

@Suite("Placeholders")
struct PlaceholderTests {
  /// 2026-03-10 12:00:00 in UTC, 08:00 in New York (daylight saving since the 8th).
  static let noon: Int64 = 1_773_144_000_000
  let placeholders = Placeholders(run: "k7", now: noon)

  @Test(
    "a placeholder stands for a text or for a time in Unix milliseconds",
    arguments: [
      ("plain $ {run}", "plain $ {run}"), ("c-${run}", "c-k7"), ("${run}${run}", "k7k7"), ("${now}", "1773144000000"),
      ("${-90m}", "1773138600000"), ("${-1d12h}", "1773014400000"),
      // 2026-03-09 03:15:20 in New York is 07:15:20 in UTC.
      ("${-1d 03:15:20 America/New_York}", "1773040520000"),
      ("${-0d 00:00 UTC}", "1773100800000"),
      // 2026-03-07, before the clocks changed, is five hours behind UTC.
      ("${-3d 12:00 America/New_York}", "1772902800000"),
    ])
  func meaning(text: String, expected: String) throws {
    #expect(try placeholders.resolve(text) == expected)
  }

  @Test("a day ends when it ends in the zone that is named")
  func zoneDay() throws {
    // 2026-03-10 00:30 in UTC is still the 9th in New York.
    let placeholders = Placeholders(run: "", now: 1_773_102_600_000)
    #expect(try placeholders.resolve("${-0d 20:00 America/New_York}") == "1773100800000")
  }

  @Test("an open brace without its end is plain text")
  func unfinished() throws {
    #expect(try placeholders.resolve("${run} ${now") == "k7 ${now")
  }

  @Test(
    "what means nothing is refused by name",
    arguments: [
      "", "runs", "90m", "-90", "-1d 25:00 UTC", "-1d 12:60 UTC", "-1d 12 UTC", "-1d 12:00", "-1d 12:00 Mars/Base",
      "-12h 12:00 UTC", "-1d 12:00:00:00 UTC", "-1d x:00 UTC", "-1d 12:00 UTC UTC",
    ])
  func refusals(text: String) {
    #expect(throws: Placeholders.Unknown(text: text)) { try placeholders.resolve("${\(text)}") }
  }

  @Test("every text of a value is resolved, at any depth; names and other values stay")
  func deep() throws {
    let json = try JSONValue(parsing: #"{"${run}":["${run}",{"a":"${run}"},1,true,null]}"#)
    #expect(try placeholders.resolve(json).text == #"{"${run}":["k7",{"a":"k7"},1,true,null]}"#)
  }
}

import Testing

@testable import Arguments

@Suite("Values")
struct ValueTypeTests {
  @Test(
    "a duration is numbers with units, longest first",
    arguments: [
      ("0", Duration.zero), ("5s", .seconds(5)), ("250ms", .milliseconds(250)), ("48h", .seconds(172_800)),
      ("1h30m", .seconds(5_400)), ("7d", .seconds(604_800)), ("10us", .microseconds(10)),
      ("1s500ms", .milliseconds(1_500)), ("36525d", .seconds(36_525 * 86_400)),
    ])
  func durations(text: String, expected: Duration) throws {
    #expect(try ValueType<Duration>.duration.parse(text) == expected)
  }

  @Test(
    "what is no duration is refused",
    arguments: [
      "", "5", "s", "5 s", "-5s", "5x", "1m1h", "1s1s", "1.5s", "36526d", "99999999999999999999s", "५s", "5S",
    ])
  func badDurations(text: String) {
    #expect(throws: ValueError.self) { try ValueType<Duration>.duration.parse(text) }
  }

  @Test("every duration's text is read back to the microsecond")
  func durationRoundTrip() throws {
    let type = ValueType<Duration>.duration
    for microseconds in stride(from: Int64(0), through: 3_155_760_000_000_000, by: 3_155_760_123_457) {
      let duration = Duration.microseconds(microseconds)
      #expect(try type.parse(type.format(duration)) == duration, "\(duration)")
    }
  }

  @Test("a duration keeps to its range")
  func durationRange() {
    let type = ValueType<Duration>.duration(in: .milliseconds(1) ... .seconds(60))
    #expect(throws: ValueError("is out of range", advice: "give a duration from 1ms to 1m")) { try type.parse("61s") }
  }

  @Test(
    "a size has a unit of 1,000 or of 1,024",
    arguments: [
      ("0B", 0), ("512B", 512), ("64KiB", 65_536), ("4MiB", 4_194_304), ("1GB", 1_000_000_000), ("2kB", 2_000),
    ])
  func sizes(text: String, expected: Int) throws {
    #expect(try ValueType<Int>.byteSize(in: 0...Int.max).parse(text) == expected)
  }

  @Test("what is no size is refused", arguments: ["", "5", "MiB", "4mb", "-1B", "1.5GiB", "99999999TiB", "4 MiB"])
  func badSizes(text: String) {
    #expect(throws: ValueError.self) { try ValueType<Int>.byteSize(in: 0...Int.max).parse(text) }
  }

  @Test("a size is shown in the largest unit that divides it", arguments: ["1500B", "1500kB", "3GiB", "1MB", "0B"])
  func sizeFormat(text: String) throws {
    let type = ValueType<Int>.byteSize(in: 0...Int.max)
    #expect(type.format(try type.parse(text)) == text)
  }

  @Test("a type that reads its own text needs only a name and advice")
  func ownText() throws {
    #expect(try Place.type.parse("a:1") == Place("a:1"))
    #expect(Place.type.format(try Place.type.parse("a:1")) == "a:1")
    #expect(throws: ValueError("is not a place", advice: "give NAME:NUMBER")) { try Place.type.parse("a") }
  }

  @Test("a number keeps to its range and may group its digits")
  func numbers() throws {
    #expect(try ValueType<Int>.integer(in: 0...2_000_000).parse("1_000_000") == 1_000_000)
    #expect(throws: ValueError.self) { try ValueType<Int>.integer(in: 0...9).parse("_1") }
    #expect(try ValueType<Double>.number(in: 0...1).parse("0.5") == 0.5)
    for text in ["nan", "inf", "1.5", "", "x"] {
      #expect(throws: ValueError.self) { try ValueType<Double>.number(in: 0...1).parse(text) }
    }
  }

  @Test("an empty text is no text")
  func emptyString() {
    #expect(throws: ValueError.self) { try ValueType<String>.string.parse("") }
  }
}

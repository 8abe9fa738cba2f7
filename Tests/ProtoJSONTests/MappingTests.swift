import ProtoJSON
import Testing
import Wire

@Suite("Messages as JSON")
struct MappingTests {
  private func read(_ text: String) throws -> Sample { try Sample(json: JSONValue(parsing: text)) }

  private func failure(_ text: String) -> JSONMappingError? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return error as? JSONMappingError
    }
  }

  static let full = Sample(
    flag: true, small: -7, large: .min, natural: .max, huge: .max, ratio: 0.1, share: 0.1, someText: "ä\"\n",
    data: [0, 255, 62], colour: .darkRed, maybe: 0, inner: Inner(lastSeenAt: 1), numbers: [1, -2],
    inners: [Inner(), Inner(lastSeenAt: 5)], colours: [.unspecified, Colour(rawValue: 9)],
    labels: ["b": "2", "a": "1"],
    byNumber: [-3: Inner(lastSeenAt: 4)])

  @Test("a message is written by proto3's mapping")
  func writes() throws {
    #expect(
      try Self.full.json().text == """
        {"flag":true,"small":-7,"large":"-9223372036854775808","natural":4294967295,"huge":"18446744073709551615",\
        "ratio":0.1,"share":0.1,"someText":"ä\\"\\n","data":"AP8+","colour":"DARK_RED","maybe":"0",\
        "inner":{"lastSeenAt":"1"},"numbers":["1","-2"],"inners":[{"lastSeenAt":"0"},{"lastSeenAt":"5"}],\
        "colours":["COLOUR_UNSPECIFIED",9],"labels":{"a":"1","b":"2"},"byNumber":{"-3":{"lastSeenAt":"4"}}}
        """)
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    #expect(try read(Self.full.json().text) == Self.full)
    #expect(try read(Self.full.json().indentedText) == Self.full)
    #expect(try read(Sample().json().text) == Sample())
  }

  @Test("an absent field and a null are the type's default")
  func absent() throws {
    #expect(try read("{}") == Sample())
    let nulls = Sample.schema.fields.map { "\"\($0.name)\":null" }.joined(separator: ",")
    #expect(try read("{\(nulls)}") == Sample())
  }

  @Test("both spellings of a name are read, but not both at once")
  func spellings() throws {
    #expect(try read(#"{"some_text":"x"}"#).someText == "x")
    #expect(try read(#"{"someText":"x"}"#).someText == "x")
    #expect(failure(#"{"some_text":"x","someText":"y"}"#)?.description == "someText is given twice")
  }

  @Test(
    "an integer may be a number, a text, or a number without a fraction",
    arguments: ["5", "\"5\"", "5.0", "5e0", "50e-1", "\"5.0\""])
  func integers(text: String) throws {
    #expect(try read(#"{"large":\#(text)}"#).large == 5)
  }

  @Test(
    "what does not fit is refused with the field's path and what was expected",
    arguments: [
      (#"{"flag":1}"#, "flag: expected true or false, found 1"),
      (#"{"small":2147483648}"#, "small: expected a whole number from -2147483648 to 2147483647, found 2147483648"),
      (#"{"small":1.5}"#, "small: expected a whole number from -2147483648 to 2147483647, found 1.5"),
      (#"{"natural":-1}"#, "natural: expected a whole number from 0 to 4294967295, found -1"),
      (#"{"natural":"+1"}"#, "natural: expected a whole number from 0 to 4294967295, found \"+1\""),
      (#"{"share":1e39}"#, "share: expected a number, found 1e39"),
      (#"{"ratio":"nan"}"#, "ratio: expected a number, found \"nan\""),
      (#"{"ratio":"0x10"}"#, "ratio: expected a number, found \"0x10\""),
      (#"{"ratio":1e999}"#, "ratio: expected a number, found 1e999"),
      (#"{"some_text":5}"#, "some_text: expected a text, found 5"),
      (#"{"inner":[]}"#, "inner: expected an object, found a list"),
      (#"{"numbers":[1,null]}"#, "numbers[1]: expected a whole number from \(Int64.min) to \(Int64.max), found null"),
      (
        #"{"inners":[{"last_seen_at":true}]}"#,
        "inners[0].last_seen_at: expected a whole number from \(Int64.min) to \(Int64.max), found true"
      ),
      (#"{"data":"?"}"#, "data: expected a text in base 64, found \"?\""),
      (#"{"by_number":{"x":{}}}"#, "by_number: expected a Int32 as the name, found \"x\""),
      ("[]", "the message: expected an object, found a list"),
    ])
  func mismatches(text: String, expected: String) {
    #expect(failure(text)?.description == expected)
  }

  @Test("a name that is no field is refused, with the names there are")
  func unknownField() throws {
    let error = try #require(failure(#"{"inner":{"last_seen":1}}"#))
    #expect(error.description == "there is no field inner.last_seen")
    #expect(error.known == ["last_seen_at"])
    #expect(error.written == "last_seen")
  }

  @Test("an enumeration is read by name and by number, known or not")
  func enumerations() throws {
    #expect(try read(#"{"colour":"DARK_RED"}"#).colour == .darkRed)
    #expect(try read(#"{"colour":1}"#).colour == .darkRed)
    #expect(try read(#"{"colour":77}"#).colour.rawValue == 77)
    let error = try #require(failure(#"{"colour":"RED"}"#))
    #expect(error.description == "colour: there is no value RED")
    #expect(error.known == ["COLOUR_UNSPECIFIED", "DARK_RED"])
  }

  @Test("numbers that JSON lacks are texts")
  func notNumbers() throws {
    #expect(try read(#"{"ratio":"NaN"}"#).ratio.isNaN)
    #expect(try read(#"{"ratio":"-Infinity"}"#).ratio == -.infinity)
    var sample = Sample()
    sample.share = .infinity
    #expect(try read(sample.json().text) == sample)
  }

  @Test("base 64 is read in both alphabets, with and without padding", arguments: ["+/8=", "-_8=", "+/8", "-_8"])
  func base64(text: String) throws {
    #expect(try read(#"{"data":"\#(text)"}"#).data == [251, 255])
  }

  @Test("random messages are read back as they were")
  func randomMessages() throws {
    for seed in UInt64(1)...200 {
      var generator = Generator(state: seed)
      let sample = generator.sample()
      #expect(try read(sample.json().text) == sample, "seed \(seed)")
    }
  }
}

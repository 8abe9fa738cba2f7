import ProtoJSON
import Testing

@Suite("JSON texts")
struct SyntaxTests {
  @Test(
    "a text is read and written back",
    arguments: [
      "null", "true", "false", "0", "-0", "-1.5e+30", "\"\"", "[]", "{}", "[1,[2,{\"a\":null}],\"x\"]",
      "{\"b\":1,\"a\":{\"b\":2}}", "\"€😀\"",
    ])
  func roundTrip(text: String) throws {
    #expect(try JSONValue(parsing: text).text == text)
  }

  @Test("escapes stand for their characters")
  func escapes() throws {
    let text = #""\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00""#
    #expect(try JSONValue(parsing: text) == .string("\"\\/\u{08}\u{0C}\n\r\tä😀"))
  }

  @Test("control characters never reach a terminal")
  func controls() {
    #expect(JSONValue.string("\u{1B}[31m\u{9B}\u{7F}").text == #""\u001b[31m\u009b\u007f""#)
  }

  @Test("blanks between the parts do not count")
  func blanks() throws {
    #expect(try JSONValue(parsing: " {\r\n \"a\" :\t[ 1 , 2 ] } ").text == #"{"a":[1,2]}"#)
  }

  @Test("an indented text has a line for every member")
  func indented() throws {
    #expect(
      try JSONValue(parsing: #"{"a":[1,{}],"b":[]}"#).indentedText == """
        {
          "a": [
            1,
            {}
          ],
          "b": []
        }
        """)
  }

  @Test(
    "what is not JSON is refused where it stops being JSON",
    arguments: [
      ("", 1, 1), ("{", 1, 2), ("{\"a\"}", 1, 5), ("{\"a\":}", 1, 6), ("{a:1}", 1, 2), ("[1,]", 1, 4), ("[1 2]", 1, 4),
      ("{\"a\":1,}", 1, 8), ("01", 1, 2), ("1.", 1, 3), ("-", 1, 2), ("1e", 1, 3), (".5", 1, 1), ("nul", 1, 1),
      ("'a'", 1, 1), ("\"a", 1, 3), ("\"\\x\"", 1, 3), ("\"\n\"", 1, 2), ("\"\\u12g4\"", 1, 4), ("\"\\ud800\"", 1, 8),
      ("\"\\udc00\"", 1, 8), ("\"\\ud800\\u0041\"", 1, 14), ("true false", 1, 6), ("{\n \"a\": 1\n \"b\"}", 3, 2),
      ("{\"a\":1,\"a\":2}", 1, 11), ("// x", 1, 1), ("NaN", 1, 1), ("\"\\u00", 1, 4),
    ])
  func refusals(text: String, line: Int, column: Int) throws {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    #expect(error?.line == line)
    #expect(error?.column == column, "\(String(describing: error))")
  }

  @Test("nesting is limited")
  func nesting() throws {
    let deepest = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(try JSONValue(parsing: deepest).text == deepest)
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: "[" + deepest + "]") }
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
  }

  @Test("every prefix of a text is refused without a crash")
  func prefixes() {
    let text = #"{"a":[1.5e-3,true,null,"\u00e4\ud83d\ude00é"],"b":{"c":"d"}}"#
    for length in 0..<text.count {
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(text.prefix(length))) }
    }
  }
}

import Testing

@testable import Arguments

@Suite("A configuration file")
struct ConfigurationFileTests {
  @Test("blanks, comments and both line ends are read over")
  func layout() throws {
    let text = "# head\r\n\r\n  listen=a:1  # where\r\n\tmessage = a#b # c # d\nempty =\n"
    let file = try ConfigurationFile(text, listNames: [])
    #expect(file.entries["listen"] == [.init(line: 3, value: "a:1")])
    #expect(file.entries["message"] == [.init(line: 4, value: "a#b")])
    #expect(file.entries["empty"] == [.init(line: 5, value: "")])
    #expect(file.entries.count == 3)
  }

  @Test("a value may have an equals sign and blanks in it")
  func equalsInValue() throws {
    #expect(try ConfigurationFile("a = b = c d", listNames: []).entries["a"]?.first?.value == "b = c d")
  }

  @Test("a name that is no list stands once")
  func twice() throws {
    let error = #expect(throws: ConfigurationFile.LineError.self) {
      try ConfigurationFile("a = 1\nl = 1\nl = 2\na = 2", listNames: ["l"])
    }
    #expect(error?.line == 4)
    #expect(error?.message == "a was already set in line 1")
  }

  @Test("a file without end is refused")
  func size() {
    #expect(throws: ConfigurationFile.LineError.self) {
      try ConfigurationFile(String(repeating: "#", count: ConfigurationFile.maximumBytes + 1), listNames: [])
    }
  }
}

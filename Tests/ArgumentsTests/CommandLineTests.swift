import Arguments
import Testing

@Suite("A command line")
struct CommandLineTests {
  @Test("options have their defaults when nobody gives them")
  func defaults() throws {
    let (action, arguments) = try Sample.run("serve")
    #expect(action == "serve")
    #expect(arguments[Sample.listen] == Sample.places("localhost:7400"))
    #expect(arguments[Sample.queues] == 1)
    #expect(arguments[Sample.timeout] == .seconds(5))
    #expect(arguments[Sample.data] == nil)
    #expect(arguments[Sample.level] == .written)
    #expect(!arguments[Sample.json])
  }

  @Test(
    "an option's value stands behind it or behind an equals sign, long and short",
    arguments: ["--io-queues 4", "--io-queues=4", "-i 4", "-i4", "-i=4", "-qi4", "-jqi 4"])
  func spellings(text: String) throws {
    #expect(try Sample.run("serve \(text)").arguments[Sample.queues] == 4)
  }

  @Test("the last of an option given twice wins, and a list keeps them all")
  func repetition() throws {
    let (_, arguments) = try Sample.run("serve -i 2 -i 3 --listen a:1,b:2 -l c:3")
    #expect(arguments[Sample.queues] == 3)
    #expect(arguments[Sample.listen] == Sample.places("a:1", "b:2", "c:3"))
  }

  @Test("a flag is turned on, off, and on again")
  func flags() throws {
    #expect(try Sample.run("serve --json").arguments[Sample.json])
    #expect(try !Sample.run("serve --json --no-json").arguments[Sample.json])
    #expect(try Sample.run("serve --no-json -j").arguments[Sample.json])
    #expect(try !Sample.run("serve --json=off").arguments[Sample.json])
  }

  @Test("the options of the program stand before or behind the command")
  func inherited() throws {
    #expect(try Sample.run("--json rules say hello").arguments[Sample.json])
    #expect(try Sample.run("rules --json say hello").arguments[Sample.json])
    #expect(try Sample.run("rules say hello --json").arguments[Sample.json])
  }

  @Test("operands are shared out in order")
  func operands() throws {
    let one = try Sample.run("rules compare a.rules").arguments
    #expect(one[Sample.file] == "a.rules")
    #expect(one[Sample.other] == nil)
    let two = try Sample.run("rules compare a.rules b.rules").arguments
    #expect(two[Sample.other] == "b.rules")
    #expect(try Sample.run("rules say a b c").arguments[Sample.words] == ["a", "b", "c"])
  }

  @Test("a dash alone, a negative number and everything behind two dashes are operands")
  func dashes() throws {
    #expect(try Sample.run("rules say - -5 -- --json -x").arguments[Sample.words] == ["-", "-5", "--json", "-x"])
    #expect(try Sample.run("rules compare --offset -5 f").arguments[Sample.offset] == -5)
    #expect(try Sample.run("rules compare --offset=-5 f").arguments[Sample.offset] == -5)
  }

  @Test("a mistake is named with what to do about it", arguments: CommandLineTests.wrongLines)
  func mistakes(line: String, message: String, advice: String?) throws {
    let error = try #require(Sample.failure(line))
    #expect(error.message == message)
    #expect(error.advice == advice)
  }

  static let wrongLines: [(String, String, String?)] = [
    ("", "say which command", "The commands are serve, rules"),
    ("rules", "say which command", "The commands are compare, say"),
    ("sevre", "there is no command sevre", "Did you mean serve?"),
    ("dance", "there is no command dance", "The commands are serve, rules"),
    ("serve --lisen a:1", "there is no option --lisen", "Did you mean --listen?"),
    ("serve --xyz", "there is no option --xyz", nil),
    ("serve -z", "there is no option -z", nil),
    ("serve --no-io-queues", "there is no option --no-io-queues", "Did you mean --io-queues?"),
    ("serve --io-queues", "--io-queues needs a value", "Write --io-queues NUMBER: I/O queues"),
    ("serve -i --json", "-i needs a value", "Write -i NUMBER: I/O queues"),
    ("serve -i two", "--io-queues two is not a whole number", "give a whole number from 1 to 64"),
    ("serve -i 65", "--io-queues 65 is out of range", "give a whole number from 1 to 64"),
    ("serve --io-queues=", "--io-queues is not a whole number", "give a whole number from 1 to 64"),
    (
      "serve --durability writen", "--durability writen is not one of the choices",
      "did you mean written? give one of: buffered, written, durable"
    ),
    ("serve extra", "extra is one argument too many", "Quote a value that has blanks in it"),
    ("rules compare", "FILE is missing", "FILE: The file to read"),
    ("rules say", "WORD is missing", "WORD: Words"),
    ("serve --json=maybe", "--json maybe is neither yes nor no", "give true or false, yes or no, on or off, 1 or 0"),
  ]

  @Test("an error says which command it is about and where its help is")
  func errorText() throws {
    let error = try #require(Sample.failure("rules compare --ofset 1 f"))
    #expect(
      error.description == """
        gate rules compare: there is no option --ofset
          Did you mean --offset?
          See gate rules compare --help
        """)
  }
}

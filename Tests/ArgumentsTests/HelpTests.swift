import Arguments
import Testing

@Suite("Help")
struct HelpTests {
  private func text(_ line: String, width: Int = 80, style: Style = .plain) throws -> String {
    guard case .text(let text) = try Sample.read(line, width: width, style: style) else {
      Issue.record("\(line) runs instead of helping")
      return ""
    }
    return text
  }

  @Test("help of a command shows examples first, then usage, options, precedence and exit codes")
  func whole() throws {
    #expect(
      try text("serve --help") == """
        gate serve: Start the server

        Examples
          gate serve --listen a:7400
              Serve everybody

        Usage
          gate serve [OPTIONS]

        First paragraph.

        Second paragraph.

        Options
          -l, --listen PLACE      Where to listen (may be repeated; default
                                  localhost:7400)
          -i, --io-queues NUMBER  I/O queues (default 1)
              --timeout DURATION  Longest wait (default 5s)
              --data DIRECTORY    Where the log lives; absent means no log
              --durability buffered|written|durable
                                  When to answer (default written)
          -j, --json              Print JSON
          -q, --quiet             Say less
              --config FILE       Read options from a file of lines name = value

        Every option can also be set in the environment (--listen as GATE_LISTEN) or in
        the file named by --config (listen = ...). The command line wins over the
        environment, the environment over the file.

        Exit codes
          0    it did what was asked
          1    it did not, or the answer is no
          2    wrong command line, environment or configuration file; nothing was
               started
          130  interrupted
        """)
    #expect(try !text("rules --help").contains("130"))
  }

  @Test(
    "help is found however it is asked for, whatever else is wrong",
    arguments: ["serve --help", "help serve", "serve -h", "--help serve", "serve --nonsense x --help"])
  func ways(line: String) throws {
    #expect(try text(line).hasPrefix("gate serve: Start the server"))
  }

  @Test("help of a group lists its commands and operands show in usage")
  func group() throws {
    let help = try text("rules --help")
    #expect(help.contains("  gate rules COMMAND [OPTIONS]"))
    #expect(help.contains("  compare  Compare files"))
    #expect(try text("rules compare --help").contains("  gate rules compare FILE [OTHER] [OPTIONS]"))
    #expect(try text("rules say --help").contains("  gate rules say WORD... [OPTIONS]"))
  }

  @Test("no line is wider than the terminal unless a word is")
  func width() throws {
    for width in [60, 80, 120] {
      for line in try text("serve --help", width: width).split(separator: "\n") where line.count > width {
        #expect(line.contains("  "), "a term that cannot be broken: \(line)")
        #expect(!line.dropFirst(30).contains(" "), "\(line)")
      }
    }
  }

  @Test("two dashes end the search for help")
  func afterDashes() throws {
    #expect(try Sample.run("rules say -- --help").arguments[Sample.words] == ["--help"])
  }

  @Test("the version is the program's name and version")
  func version() throws {
    #expect(try text("--version") == "gate 1.2.3")
  }

  @Test("headings are bold on a terminal that wants it and nowhere else")
  func style() throws {
    let terminal = Style(isTerminal: true, environment: ["TERM": "xterm"])
    #expect(try text("--help", style: terminal).contains("\u{1B}[1mCommands\u{1B}[0m"))
    #expect(Style(isTerminal: true, environment: ["NO_COLOR": "1"]) == .plain)
    #expect(Style(isTerminal: true, environment: ["NO_COLOR": ""]) == terminal)
    #expect(Style(isTerminal: true, environment: ["TERM": "dumb"]) == .plain)
    #expect(Style(isTerminal: false, environment: [:]) == .plain)
    #expect(try !text("--help").contains("\u{1B}"))
  }
}

import Arguments
import Testing

@Suite("A program's declarations")
struct ConsistencyTests {
  private func program(_ command: Command<String>) -> Program<String> {
    Program(root: Command("p", "", options: [Sample.json], commands: [command]), version: "1", variablePrefix: "P")
  }

  @Test("a sound program has nothing wrong with it")
  func sound() {
    #expect(Sample.program.inconsistencies.isEmpty)
  }

  @Test("an option that stands twice on one path, in full or by its letter, is found")
  func twice() {
    let command = Command(
      "c", "", options: [Option(flag: "json", help: ""), Option(flag: "jar", short: "j", help: "")], action: "")
    #expect(program(command).inconsistencies == ["p c: --json stands twice", "p c: -j stands twice"])
  }

  @Test("what every program has cannot be declared")
  func reserved() {
    let command = Command(
      "help", "", options: [Option(flag: "version", help: ""), Option(flag: "hot", short: "h", help: "")], action: "")
    #expect(
      program(command).inconsistencies == [
        "p: the command help stands twice", "p help: --version stands twice", "p help: -h stands twice",
      ])
  }

  @Test(
    "a name must be one that flags, variables and files can share",
    arguments: ["Upper", "under_score", "no-x", "1", "a-"])
  func names(name: String) {
    let command = Command("c", "", options: [Option(flag: name, help: "")], action: "")
    #expect(program(command).inconsistencies == ["p c: --\(name) is not lower-case with dashes"])
  }

  @Test("an operand that could never be filled is found")
  func operands() {
    let command = Command("c", "", operands: [Sample.other, Sample.words, Sample.other], action: "")
    #expect(
      program(command).inconsistencies == [
        "p c: nothing can follow WORD", "p c: WORD must be given behind OTHER",
      ])
  }
}

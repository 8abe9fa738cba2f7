import Arguments
import Testing

@Suite("Command line over environment over file")
struct PrecedenceTests {
  static let files = ["gate.conf": "io-queues = 3\ntimeout = 3s\njson = yes\nlisten = f:1, f:2\nlisten = f:3"]

  @Test("the file stands where nothing else is said")
  func file() throws {
    let (_, arguments) = try Sample.run("serve --config gate.conf", files: Self.files)
    #expect(arguments[Sample.queues] == 3)
    #expect(arguments[Sample.timeout] == .seconds(3))
    #expect(arguments[Sample.json])
    #expect(arguments[Sample.listen] == Sample.places("f:1", "f:2", "f:3"))
  }

  @Test("the environment wins over the file, and can name it")
  func environment() throws {
    let environment = ["GATE_CONFIG": "gate.conf", "GATE_IO_QUEUES": "2", "GATE_JSON": "no", "GATE_LISTEN": "e:1,e:2"]
    let (_, arguments) = try Sample.run("serve", environment: environment, files: Self.files)
    #expect(arguments[Sample.queues] == 2)
    #expect(arguments[Sample.timeout] == .seconds(3))
    #expect(!arguments[Sample.json])
    #expect(arguments[Sample.listen] == Sample.places("e:1", "e:2"))
  }

  @Test("the command line wins over both, and a list replaces a list")
  func commandLine() throws {
    let (_, arguments) = try Sample.run(
      "serve --config gate.conf -i 1 -l c:1 --no-json", environment: ["GATE_IO_QUEUES": "2", "GATE_LISTEN": "e:1"],
      files: Self.files)
    #expect(arguments[Sample.queues] == 1)
    #expect(arguments[Sample.listen] == Sample.places("c:1"))
    #expect(!arguments[Sample.json])
  }

  @Test("a variable set to nothing is not set, and one that is no option is nobody's business")
  func emptyAndForeign() throws {
    let environment = ["GATE_IO_QUEUES": "", "GATE_PORT": "tcp://10.0.0.1:7400"]
    #expect(try Sample.run("serve", environment: environment).arguments[Sample.queues] == 1)
  }

  @Test("one file serves all commands: another command's option is passed over")
  func sharedFile() throws {
    let files = ["gate.conf": "offset = 7\nio-queues = 3"]
    #expect(try Sample.run("serve --config gate.conf", files: files).arguments[Sample.queues] == 3)
    #expect(try Sample.run("rules compare x --config gate.conf", files: files).arguments[Sample.offset] == 7)
  }

  @Test("a wrong value is named with the place it stands in")
  func places() throws {
    let variable = try #require(Sample.failure("serve", environment: ["GATE_TIMEOUT": "5"]))
    #expect(variable.message == "GATE_TIMEOUT 5 is not a duration")
    let line = try #require(Sample.failure("serve --config f", files: ["f": "\n# x\ntimeout = soon"]))
    #expect(line.message == "f:3: timeout soon is not a duration")
  }

  @Test("a file's unknown name, missing file and broken line are errors")
  func brokenFiles() throws {
    let unknown = try #require(Sample.failure("serve --config f", files: ["f": "io-queues = 2\nlissten = a:1"]))
    #expect(unknown.message == "f:2: there is no option lissten")
    #expect(unknown.advice == "Did you mean listen?")
    let missing = try #require(Sample.failure("serve --config g"))
    #expect(missing.message == "the configuration file g cannot be read: no such file")
    let broken = try #require(Sample.failure("serve --config f", files: ["f": "listen"]))
    #expect(broken.message == "f:1: listen has no value")
    let config = try #require(Sample.failure("serve --config f", files: ["f": "config = g"]))
    #expect(config.message == "f:1: there is no option config")
  }
}

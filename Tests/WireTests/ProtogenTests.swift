import Foundation
import Testing

@testable import protogen

@Suite("protogen")
struct ProtogenTests {
  private func parsed(_ body: String) throws -> ProtoFile {
    try Parser.parse("syntax = \"proto3\";\n" + body, name: "test")
  }

  @Test(
    "says where a mistake is and what it is",
    arguments: [
      ("message A { int32 a = 1 }", "2:25: error: expected ';', found '}'"),
      ("message A {\n  int32 a = 0;\n}", "3:9: error: 0 is not a number that fields may have"),
      ("message A { int32 a = 19000; }", "2:19: error: 19000 is not a number that fields may have"),
      ("message A { int32 a = 1; int32 b = 1; }", "2:32: error: another field has the number 1"),
      ("message A { int32 a = 1; string a = 2; }", "2:33: error: 'a' is declared twice"),
      ("message A { reserved 2 to 4; int32 a = 3; }", "2:36: error: the number 3 is reserved"),
      ("message A { reserved \"a\"; int32 a = 3; }", "2:33: error: the name 'a' is reserved"),
      ("message A { reserved 4 to 2; }", "2:22: error: the range 4 to 2 is empty"),
      ("message A { Missing a = 1; }", "2:21: error: there is no type 'Missing'"),
      ("message String {}", "2:9: error: 'String' would hide the type 'String' from generated code; take another name"),
      (
        "message A { message int32 {} }",
        "2:21: error: 'int32' would hide the type 'Int32' from generated code; take another name"
      ),
      (
        "message A {\n  enum Protocol { B = 0; }\n}",
        "3:8: error: 'Protocol' would hide the type 'Protocol' from generated code; take another name"
      ),
      (
        "message A { oneof type { int32 a = 1; } }",
        "2:19: error: 'type' would hide the type 'Type' from generated code; take another name"
      ),
      (
        "enum WireReader { A = 0; }",
        "2:6: error: 'WireReader' would hide the type 'WireReader' from generated code; take another name"
      ),
      ("message A {} message A {}", "2:22: error: 'A' is declared twice"),
      ("message A { map<float, int32> a = 1; }", "2:13: error: a map's key is a whole number, a bool or a string"),
      ("message A { repeated map<int32, int32> a = 1; }", "2:22: error: a map has no label and stands in no oneof"),
      ("message A { oneof a { } }", "2:19: error: the oneof 'a' has no fields"),
      ("message A { oneof a { optional int32 b = 1; } }", "2:23: error: a oneof's field has no label"),
      ("message A { required int32 a = 1; }", "2:13: error: 'required' is not proto3"),
      ("enum E { A = 1; }", "2:6: error: the first value of 'E' must be 0"),
      ("enum E { A = 0; B = 0; }", "2:17: error: another value has the number 0"),
      ("enum E { A = 0; B = 3000000000; }", "2:17: error: the number of 'B' does not fit into 32 bits"),
      (
        "import \"other.proto\";",
        "2:8: error: 'other.proto' cannot be imported: only google/protobuf/descriptor.proto is tolerated"
      ),
      (
        "message A {} service S { rpc M(A) returns (A); }",
        "2:30: error: the method 'M' lacks 'option (method_id) = N;', N from 1 to 65535"
      ),
      (
        "message A {} service S { rpc M(stream A) returns (A); }",
        "2:30: error: client streaming is not part of the protocol"
      ),
      ("message A { string a = 1 [x = \"open]; }", "2:31: error: the string does not end on its line"),
      ("/* never", "2:1: error: the comment does not end"),
      ("message A { int32 ä = 1; }", "2:19: error: unexpected character 'ä'"),
    ])
  func mistakes(body: String, message: String) {
    let error = #expect(throws: Diagnostic.self) { try parsed(body) }
    #expect(error?.description == message)
  }

  @Test(
    "a name that generated code does not need is free, as are all names of members",
    arguments: ["Error", "Array", "Self"])
  func freeNames(name: String) throws {
    let file = try parsed("message \(name) { int32 string = 1; oneof a { int32 type = 2; } }")
    #expect(file.messages.map(\.name) == [name])
  }

  @Test("only proto3 is understood")
  func otherSyntax() {
    #expect(throws: Diagnostic.self) { try Parser.parse("syntax = \"proto2\";", name: "test") }
    #expect(throws: Diagnostic.self) { try Parser.parse("message A {}", name: "test") }
  }

  @Test("a name means the nearest declaration, from the inside out")
  func scopes() throws {
    let file = try parsed(
      "package p; message A { message B { A a = 1; .p.B b = 2; C c = 3; } B b = 1; } message B {} enum C { Z = 0; }")
    let inner = try #require(file.messages.first?.messages.first)
    #expect(inner.fields.map(\.type) == [.message("p.A"), .message("p.B"), .enumeration("p.C")])
    #expect(file.messages.first?.fields.first?.type == .message("p.A.B"))
  }

  @Test("a comment belongs to what stands right below it")
  func comments() throws {
    let file = try parsed(
      """
      // Far away.

      // Near,
      // in two lines.
      message A {
        int32 a = 1;  // Behind a field.
        int32 b = 2;
        /* A block
         * of two. */
        int32 c = 3;
      }
      """)
    let message = try #require(file.messages.first)
    #expect(message.comment == ["Near,", "in two lines."])
    #expect(message.fields.map(\.comment) == [[], [], ["A block", "of two. "]])
  }

  @Test("names follow Swift's guidelines")
  func names() {
    let members = [
      "customer_id": "customerID", "id": "id", "client_ip": "clientIP", "minor_units": "minorUnits", "last4": "last4",
      "after_ms": "afterMilliseconds", "default": "`default`", "callback_url": "callbackURL", "Evaluate": "evaluate",
    ]
    for (name, swift) in members { #expect(SwiftName.member(name) == swift) }
    #expect(SwiftName.value("CATEGORY_UNSPECIFIED", of: "Category") == "unspecified")
    #expect(SwiftName.value("NOT_SERVING", of: "ServingStatus") == "notServing")
    #expect(SwiftName.value("MOOD_7", of: "Mood") == "mood7")
  }

  @Test("a view is refused for what it cannot show")
  func views() throws {
    let file = try parsed(
      "message A { repeated int32 a = 1; } message B { B b = 1; } message C { map<int32, string> m = 1; }")
    for (name, message) in [
      ("A", "lists and oneofs cannot be viewed"), ("B", "'B' holds itself and cannot be viewed"),
      ("C", "only map<string, string> can be viewed"), ("D", "there is no message 'D' to view"),
    ] {
      let error = #expect(throws: Diagnostic.self) { try Generator(file, views: [name]) }
      #expect(error?.message == message)
    }
  }

  @Test(
    "the committed sources are what the contracts say",
    arguments: [
      (
        "Protocol/gatehouse.proto", "Sources/GatehouseProtocol/Generated", ["EvaluateRequest", "RecordActivityRequest"]
      ),
      ("Tests/AllKinds/all_kinds.proto", "Tests/AllKinds/Generated", []),
    ])
  func freshness(proto: String, folder: String, views: [String]) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let file = root.appendingPathComponent(proto)
    let parsed = try Parser.parse(
      String(contentsOf: file, encoding: .utf8), name: file.deletingPathExtension().lastPathComponent)
    let output = OutputFolder(url: root.appendingPathComponent(folder))
    #expect(try output.staleFiles(Generator(parsed, views: views).sources()) == [])
  }

  @Test(
    "the command says what it wants, and what is wrong with a file",
    arguments: [
      (["--help"], 0, "usage: protogen", ""), (["--hlep"], 2, "", "usage: protogen"),
      (["/nowhere/a.proto", "/nowhere"], 2, "", "protogen: /nowhere/a.proto cannot be read\n"),
    ])
  func command(arguments: [String], status: Int, output: String, messages: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("protogen")
    process.arguments = arguments
    let (outputPipe, messagePipe) = (Pipe(), Pipe())
    process.standardOutput = outputPipe
    process.standardError = messagePipe
    try process.run()
    let written = [outputPipe, messagePipe].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    #expect(process.terminationStatus == Int32(status))
    #expect(written[0].hasPrefix(output) && written[0].isEmpty == output.isEmpty)
    #expect(written[1].hasPrefix(messages) && written[1].isEmpty == messages.isEmpty)
  }

  @Test("stale, missing and superfluous files are named, and written or removed")
  func output() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("protogen-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = OutputFolder(url: folder)
    #expect(try output.staleFiles(["A.swift": "a"]) == ["A.swift"])
    try output.write(["A.swift": "a", "B.swift": "b"])
    #expect(try output.staleFiles(["A.swift": "a", "B.swift": "b"]) == [])
    #expect(try output.staleFiles(["A.swift": "x"]) == ["A.swift", "B.swift"])
    try output.write(["A.swift": "x"])
    #expect(try output.staleFiles(["A.swift": "x"]) == [])
  }
}

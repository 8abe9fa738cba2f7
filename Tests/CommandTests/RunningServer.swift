import Foundation

/// `gatehouse serve` on a port that the system chose, with a copy of the shipped rules.
final class RunningServer {
  /// Why a server did not come up.
  struct NotReady: Error {
    let messages: String
  }

  let address: String
  let folder: URL
  let rules: URL
  let process: Process
  /// What it has said until it was ready.
  let greeting: String
  private let messages: FileHandle

  /// Returns once it has said that it is ready.
  ///
  /// - Parameter folder: where its data and ready file are; a new one unless given.
  init(in folder: URL? = nil, extraArguments: [String] = []) throws {
    self.folder =
      folder ?? FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    rules = self.folder.appendingPathComponent("trade.rules")
    try Data(SampleTrafficTests.repositoryFile("deploy/rules/trade.rules")).write(to: rules)
    let readyFile = self.folder.appendingPathComponent("ready").path
    process = Executable.process(
      [
        "serve", "--rules", rules.path, "--listen",
        "127.0.0.1:0,unix:\(self.folder.path)/socket", "--data", self.folder.appendingPathComponent("data").path,
        "--ready-file", readyFile,
      ] + extraArguments)
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    messages = pipe.fileHandleForReading
    try process.run()
    greeting = try Self.read(from: messages, until: "ready on")
    address = try String(contentsOfFile: readyFile, encoding: .utf8).split(separator: "\n").first.map(String.init) ?? ""
  }

  /// Reads until a line with `text` has come whole.
  private static func read(from handle: FileHandle, until text: String) throws -> String {
    var said = ""
    while !(said.contains(text) && said.hasSuffix("\n")) {
      let data = handle.availableData
      guard !data.isEmpty else { throw NotReady(messages: said) }
      said += String(decoding: data, as: UTF8.self)
    }
    return said
  }

  /// Waits until it has said `text`; what it said meanwhile.
  func says(_ text: String) throws -> String { try Self.read(from: messages, until: text) }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Its status, once it has ended.
  func waitForEnd() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  deinit {
    if process.isRunning {
      process.terminate()
      process.waitUntilExit()
    }
  }
}

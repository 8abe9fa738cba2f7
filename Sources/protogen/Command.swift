import Foundation

/// The command line: what to read, where to write, what to view in place.
struct Command {
  static let usage = """
    usage: protogen [--check] [--views Message,Message] FILE.proto FOLDER

    Turns FILE.proto into Swift sources in FOLDER, which must hold nothing else.
      --views   messages that are read in place; what is nested in them is viewed too
      --check   writes nothing; exits 1 and names the files if FOLDER is not what would be written
      --help    prints this
    Exits 2 if the command or FILE.proto is wrong.
    """

  private var check = false
  private var views: [String] = []
  private var paths: [String] = []

  /// nil if the arguments are not what `usage` says.
  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--check": check = true
      case "--views":
        guard let names = rest.popFirst() else { return nil }
        views = names.split(separator: ",").map(String.init)
      default:
        guard !argument.hasPrefix("-") else { return nil }
        paths.append(argument)
      }
    }
    guard paths.count == 2 else { return nil }
  }

  /// The exit code. Errors: files that cannot be read or written.
  func run() throws -> Int32 {
    let input = URL(fileURLWithPath: paths[0])
    guard let bytes = FileManager.default.contents(atPath: paths[0]) else {
      report("protogen: \(paths[0]) cannot be read")
      return 2
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      report("protogen: \(paths[0]) is not UTF-8 text")
      return 2
    }
    let sources: [String: String]
    do {
      let file = try Parser.parse(text, name: input.deletingPathExtension().lastPathComponent)
      sources = try Generator(file, views: views).sources()
    } catch {
      report("\(paths[0]):\(error)")
      return 2
    }
    let folder = OutputFolder(url: URL(fileURLWithPath: paths[1]))
    guard check else {
      try folder.write(sources)
      return 0
    }
    let stale = try folder.staleFiles(sources)
    for name in stale { report("\(paths[1])/\(name): stale; run Protocol/generate") }
    return stale.isEmpty ? 0 : 1
  }

  private func report(_ message: String) {
    FileHandle.standardError.write(Data((message + "\n").utf8))
  }
}

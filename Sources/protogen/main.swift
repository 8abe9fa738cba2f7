import Foundation

do {
  guard let command = Command(Array(CommandLine.arguments.dropFirst())) else {
    FileHandle.standardError.write(Data((Command.usage + "\n").utf8))
    exit(2)
  }
  exit(try command.run())
} catch {
  FileHandle.standardError.write(Data("protogen: \(error)\n".utf8))
  exit(2)
}

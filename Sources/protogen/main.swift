import Foundation

do {
  if CommandLine.arguments.dropFirst().contains(where: { ["--help", "-h"].contains($0) }) {
    print(Command.usage)
    exit(0)
  }
  guard let command = Command(Array(CommandLine.arguments.dropFirst())) else {
    FileHandle.standardError.write(Data((Command.usage + "\n").utf8))
    exit(2)
  }
  exit(try command.run())
} catch {
  FileHandle.standardError.write(Data("protogen: \(error)\n".utf8))
  exit(2)
}

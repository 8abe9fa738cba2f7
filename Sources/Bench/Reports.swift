import Arguments
import Foundation

/// Where a command's documents go: files, and at most one to standard output as `-`.
struct Reports {
  /// What standard output gets in place of the text; nil when no document asked for it.
  private(set) var standardOutput: String?

  /// Throws a usage error when more than one of `destinations` is standard output.
  init(command: String, destinations: [String?]) throws(UsageError) {
    guard destinations.filter({ $0 == "-" }).count <= 1 else {
      throw UsageError(
        command: command, message: "only one document can go to standard output",
        advice: "Give the others a file's name in place of -")
    }
  }

  /// Makes a document and writes it, if it has a destination; throws a file error that names the file.
  mutating func add(_ destination: String?, _ document: () throws(BenchError) -> String) throws(BenchError) {
    guard let destination else { return }
    let text = try document()
    if destination == "-" {
      standardOutput = text
      return
    }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: destination))
    } catch {
      throw .file("\(destination) cannot be written: \(error.localizedDescription)")
    }
  }
}

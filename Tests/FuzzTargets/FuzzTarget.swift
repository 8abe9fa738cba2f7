import Foundation

/// Something that takes bytes from strangers, and what must hold whatever they are.
protocol FuzzTarget {
  static var name: String { get }

  /// Inputs that reach far into it: what mutations begin with.
  static func seeds() -> [[UInt8]]

  init()

  /// Takes the bytes; stops the process when something that must hold does not.
  func run(_ bytes: UnsafeRawBufferPointer)
}

/// Something that must hold does not: libFuzzer keeps the input.
func refute(_ message: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line) -> Never {
  fatalError(message(), file: file, line: line)
}

/// Stops the process unless the condition holds.
func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line
) {
  if !condition { refute(message(), file: file, line: line) }
}

/// A file of the repository.
func repositoryFile(_ path: String) -> [UInt8] {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  guard let data = try? Data(contentsOf: root.appendingPathComponent(path)) else { refute("there is no \(path)") }
  return Array(data)
}

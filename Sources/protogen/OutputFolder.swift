import Foundation

/// The folder that holds the generated sources and nothing else.
struct OutputFolder {
  let url: URL

  /// The names of files that differ from `sources`, are missing or should not be there.
  func staleFiles(_ sources: [String: String]) throws -> [String] {
    let present = Set(try existing())
    let stale = try sources.filter { name, text in
      guard present.contains(name) else { return true }
      return try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8) != text
    }
    return (Array(stale.keys) + present.subtracting(sources.keys)).sorted()
  }

  /// Writes what differs and removes what should not be there.
  func write(_ sources: [String: String]) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for name in try staleFiles(sources) {
      let file = url.appendingPathComponent(name)
      if let text = sources[name] {
        try text.write(to: file, atomically: true, encoding: .utf8)
      } else {
        try FileManager.default.removeItem(at: file)
      }
    }
  }

  private func existing() throws -> [String] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".swift") }
  }
}

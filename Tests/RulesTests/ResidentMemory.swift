import Foundation

/// What the process has resident, as Linux counts it (proc(5)).
enum ResidentMemory {
  struct Unreadable: Error {}

  /// Forgets the peak; what is resident now, in bytes.
  static func resetPeak() throws -> Int {
    try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    return try bytes("VmRSS:")
  }

  /// The most that was resident since, in bytes.
  static func peak() throws -> Int { try bytes("VmHWM:") }

  private static func bytes(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kibibytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
    else { throw Unreadable() }
    return kibibytes << 10
  }
}

import Foundation

/// A process's CPU time and memory as /proc tells them (proc(5)).
struct ServerProcess: Sendable {
  struct Usage: Sendable, Equatable {
    /// User and system time of all its threads.
    var cpuNanoseconds: UInt64
    var residentBytes: UInt64
    /// The most that was ever resident.
    var peakResidentBytes: UInt64
  }

  let id: Int32

  /// What it has used up to now; nil when there is no such process or it may not be read.
  func usage() -> Usage? {
    guard let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
    else { return nil }
    return Self.usage(stat: stat, status: status, ticksPerSecond: UInt64(sysconf(Int32(_SC_CLK_TCK))))
  }

  /// `stat` names the program in parentheses, which may hold anything, so fields are counted from the last one: user
  /// time is the 12th behind it and system time the 13th, in clock ticks. `status` has lines `VmRSS:  123 kB`.
  static func usage(stat: String, status: String, ticksPerSecond: UInt64) -> Usage? {
    guard let parenthesis = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: parenthesis)...].split(whereSeparator: \.isWhitespace)
    guard fields.count > 12, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
      let resident = kibibytes("VmRSS:", in: status), let peak = kibibytes("VmHWM:", in: status)
    else { return nil }
    return Usage(
      cpuNanoseconds: (user + system) * 1_000_000_000 / ticksPerSecond, residentBytes: resident << 10,
      peakResidentBytes: peak << 10)
  }

  private static func kibibytes(_ name: String, in status: String) -> UInt64? {
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { $0.dropFirst(name.count).split(whereSeparator: \.isWhitespace).first }.flatMap { UInt64($0) }
  }
}

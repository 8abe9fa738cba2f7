import CLinux
import Foundation

/// How many processors this process may use: in a container, mostly fewer than the machine has.
public enum ProcessorCount {
  /// Those that it may run on (sched_getaffinity(2)), but no more than its share of time pays for, begun ones counted whole
  /// (`cpu.max` of cgroup v2; older limits are not looked at). At least 1; asked of the system once.
  public static let available = allowed(
    of: Int(cl_runnable_processors()),
    membership: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "",
    limit: { try? String(contentsOfFile: "/sys/fs/cgroup" + $0 + "/cpu.max", encoding: .utf8) })

  /// - Parameters:
  ///   - membership: the text of /proc/self/cgroup; the line `0::PATH` is cgroup v2's.
  ///   - limit: the text of `cpu.max` of the group at a path, nil where there is none; the root's path is empty.
  static func allowed(of processors: Int, membership: String, limit: (String) -> String?) -> Int {
    let line = membership.split(separator: "\n").first { $0.hasPrefix("0::/") }
    var group = (line?.dropFirst(3)).map { $0 == "/" ? "" : $0 } ?? ""
    var allowed = limit("").flatMap(whole) ?? processors
    // A group has no more than those around it.
    while let slash = group.lastIndex(of: "/") {
      if let count = limit(String(group)).flatMap(whole) { allowed = min(allowed, count) }
      group = group[..<slash]
    }
    return max(1, min(processors, allowed))
  }

  /// What `cpu.max` allows, as whole processors: `QUOTA PERIOD` in microseconds, a quota of `max` is none.
  /// (Linux, Documentation/admin-guide/cgroup-v2.rst)
  private static func whole(_ limit: String) -> Int? {
    let numbers = limit.split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else { return nil }
    return (quota - 1) / period + 1
  }
}

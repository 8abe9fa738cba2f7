import Foundation

extension RunResult.Host {
  /// The machine that this process runs on.
  static func current() -> RunResult.Host {
    let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = processors.split(separator: "\n").first { $0.hasPrefix("model name") }
    let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
    return RunResult.Host(
      cpu: model.flatMap { $0.split(separator: ":").last }.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      kernel: kernel.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}

import GatehouseProtocol

/// The versions of the rules that were in force, newest first: what the log says of them, and no more of it than memory
/// should hold.
struct RuleVersions: Sendable {
  static let maxCount = 256
  static let maxTextBytes = 64 << 20

  /// Newest first; the first is in force.
  private(set) var all: [RuleSetVersion] = []
  private var textBytes = 0

  /// The version that the rules file had when it was last taken up; nil when it never was. Only versions from the file
  /// have no author.
  var fromFile: String? { all.first { $0.author.isEmpty }?.version }

  var inForce: RuleSetVersion? { all.first }

  /// What was in force before that, if it is still known.
  var before: RuleSetVersion? { all.dropFirst().first }

  /// Notes that a version came into force. The oldest go where there are too many; never the one in force, nor the file's
  /// newest.
  mutating func add(_ version: RuleSetVersion) {
    if !all.isEmpty { all[0].inForce = false }
    var version = version
    version.inForce = true
    all.insert(version, at: 0)
    textBytes += Self.bytes(of: version)
    while all.count > Self.maxCount || textBytes > Self.maxTextBytes {
      let newestOfFile = all.firstIndex { $0.author.isEmpty }
      guard let oldest = all.indices.last(where: { $0 > 0 && $0 != newestOfFile }) else { return }
      textBytes -= Self.bytes(of: all.remove(at: oldest))
    }
  }

  /// Of its text and its list files.
  static func bytes(of version: RuleSetVersion) -> Int {
    version.listFiles.reduce(version.text.utf8.count) { $0 + $1.text.utf8.count }
  }
}

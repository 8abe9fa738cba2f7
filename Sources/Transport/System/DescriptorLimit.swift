import Glibc

/// How many descriptors this process may have open at once (getrlimit(2), `RLIMIT_NOFILE`).
public enum DescriptorLimit {
  /// Not for connections: a log that cannot open its next file takes no more entries.
  static let reserved = 64 + ConnectionQuota.maxRefused

  /// Allows as many as the system lets this process have; many systems begin with 1,024 for the sake of select(2).
  public static func raise() {
    guard var limit = both, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    // Refused, the limit stays what it is, which `maxConnections` goes by.
    _ = setrlimit(resource, &limit)
  }

  /// Connections that leave enough for everything else; of a very low limit a quarter.
  static var maxConnections: Int {
    let limit = both.map { Int(clamping: $0.rlim_cur) } ?? .max
    return max(limit - reserved, limit / 4)
  }

  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  private static var both: rlimit? {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? limit : nil
  }
}

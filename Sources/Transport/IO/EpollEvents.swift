import CLinux

/// The bits of epoll(7).
struct EpollEvents: OptionSet, Sendable {
  let rawValue: UInt32

  static let readable = EpollEvents(rawValue: EPOLLIN.rawValue)
  static let writable = EpollEvents(rawValue: EPOLLOUT.rawValue)
  static let failed = EpollEvents(rawValue: EPOLLERR.rawValue)
  static let hungUp = EpollEvents(rawValue: EPOLLHUP.rawValue)
}

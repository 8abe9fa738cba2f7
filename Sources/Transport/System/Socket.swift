import CLinux
import Glibc

/// A socket's descriptor. Does not own it: whoever holds it closes it, once.
struct Socket: Sendable, Hashable {
  let descriptor: Int32

  /// A stream socket, non-blocking, closed on exec (socket(2)).
  static func stream(family: Int32) throws(Errno) -> Socket {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return Socket(descriptor: try systemCall { socket(family, type, 0) })
  }

  /// read(2) into `buffer`: the count, 0 at the peer's end.
  /// - Throws: `wouldBlock` when there is nothing now.
  @inline(__always)
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try systemCall { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
  }

  /// send(2) without SIGPIPE: how many bytes the socket took; 0 when it takes none now.
  @inline(__always)
  func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int {
    do throws(Errno) {
      return try systemCall { send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
    } catch {
      if error == .wouldBlock { return 0 }
      throw error
    }
  }

  /// close(2). Its error is of no use to anybody: the descriptor is gone either way on Linux.
  func close() { _ = Glibc.close(descriptor) }

  /// shutdown(2) of the sending side: the peer reads the end after all that was sent.
  func finishWriting() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// setsockopt(2) of an integer.
  func set(_ option: Int32, level: Int32 = SOL_SOCKET, to value: Int32) throws(Errno) {
    var value = value
    _ = try systemCall {
      setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  /// Sends small writes at once (TCP_NODELAY). Refused by Unix sockets, which have no such delay.
  func disableDelay() throws(Errno) { try set(TCP_NODELAY, level: Int32(IPPROTO_TCP), to: 1) }

  /// What a non-blocking connect(2) came to: nil when connected (SO_ERROR).
  func pendingError() throws(Errno) -> Errno? {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = try systemCall { getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &length) }
    return value == 0 ? nil : Errno(rawValue: value)
  }
}

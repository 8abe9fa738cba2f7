import CLinux
import Glibc

extension Socket {
  /// A socket that listens on `address` (bind(2), listen(2)).
  static func listening(on address: SocketAddress, backlog: Int32) throws(Errno) -> Socket {
    let socket = try stream(family: address.family)
    do throws(Errno) {
      if address.family != AF_UNIX { try socket.set(SO_REUSEADDR, to: 1) }
      if address.family == AF_INET6 { try socket.set(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6), to: 1) }
      _ = try systemCall { address.withSockaddr { bind(socket.descriptor, $0, $1) } }
      _ = try systemCall { listen(socket.descriptor, backlog) }
      return socket
    } catch {
      socket.close()
      throw error
    }
  }

  /// The next connection (accept4(2)), non-blocking; nil when none waits.
  func accept() throws(Errno) -> Socket? {
    do throws(Errno) {
      return Socket(descriptor: try systemCall { cl_accept(descriptor, nil, nil) })
    } catch {
      if error == .wouldBlock || error.rawValue == ECONNABORTED { return nil }
      throw error
    }
  }

  /// Begins to connect (connect(2)); true when it is done at once.
  func connect(to address: SocketAddress) throws(Errno) -> Bool {
    do throws(Errno) {
      _ = try systemCall { address.withSockaddr { Glibc.connect(descriptor, $0, $1) } }
      return true
    } catch {
      if error.rawValue == EINPROGRESS { return false }
      throw error
    }
  }

  /// Where this socket is bound (getsockname(2)).
  func localAddress() throws(Errno) -> SocketAddress {
    try SocketAddress { (address, length) throws(Errno) in
      // A local of its own: `length` must not be borrowed twice.
      var size = length
      _ = try systemCall { getsockname(descriptor, address, &size) }
      length = size
    }
  }
}

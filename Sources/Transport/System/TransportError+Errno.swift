import Glibc

extension TransportError {
  /// The error of a system call that failed while doing `attempt`: "listen on 127.0.0.1:7443".
  init(_ attempt: String, _ errno: Errno) {
    self.init(Code(errno), "cannot \(attempt): \(errno)", cause: errno)
  }
}

extension TransportError.Code {
  init(_ errno: Errno) {
    self =
      switch errno.rawValue {
      case EADDRINUSE: .addressInUse
      case EADDRNOTAVAIL, EINVAL, EAFNOSUPPORT, ENAMETOOLONG, ENOTDIR: .addressInvalid
      case EACCES, EPERM, EROFS: .notPermitted
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: .exhausted
      case ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ENETUNREACH, ENOENT, EPIPE, ENETDOWN: .unreachable
      case ETIMEDOUT: .timedOut
      default: .system
      }
  }
}

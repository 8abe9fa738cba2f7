import Glibc

/// The number of a failed system call, as in errno(3).
public struct Errno: Error, Sendable, Hashable, RawRepresentable, CustomStringConvertible {
  public let rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The number left by the last failed call of this thread.
  static var current: Errno { Errno(rawValue: errno) }

  static let wouldBlock = Errno(rawValue: EAGAIN)

  public var description: String {
    var text = [CChar](repeating: 0, count: 128)
    guard strerror_r(rawValue, &text, text.count) == 0 else { return "errno \(rawValue)" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Runs a system call that reports failure as −1, again for as long as a signal interrupts it (EINTR).
@inline(__always)
func systemCall<Result: FixedWidthInteger>(_ body: () -> Result) throws(Errno) -> Result {
  while true {
    let result = body()
    if result != -1 { return result }
    if errno != EINTR { throw Errno.current }
  }
}

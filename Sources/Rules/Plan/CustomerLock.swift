/// Whether a customer is locked, as the log tells it: by the newest of the customer's `customer.lock` and
/// `customer.unlock` activities, which one window of the aggregate `last` keeps. The value that it keeps is the length of
/// the lock, 0 for an unlock.
enum CustomerLock {
  static let lockKind = "customer.lock"
  static let unlockKind = "customer.unlock"
  /// The attribute of a lock that says how long it lasts, in milliseconds; named like the decision's action.
  static let lengthAttribute = "lock_customer_ms"
  /// What decisions, costs and differences call the window: no counter of a file can be called so.
  static let counterName = "customer.lock"
  /// The longest lock is as long as the longest window, beyond which nothing is remembered of it.
  static let maxMilliseconds = Limits.maxWindowMilliseconds

  /// How long a lock lasts. One whose length is absent, no whole number, or beyond the longest lasts as long as a lock
  /// can: whoever meant to lock somebody did.
  static func milliseconds(_ text: UnsafeRawBufferPointer) -> Int64 {
    guard !text.isEmpty else { return maxMilliseconds }
    var length: Int64 = 0
    for byte in text {
      guard byte.isDigit, length < maxMilliseconds else { return maxMilliseconds }
      length = length &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
    }
    return min(length, maxMilliseconds)
  }

  /// What is left of a lock that began `elapsed` ago; 0 when it is over.
  static func remaining(of length: Int64, after elapsed: Int64) -> Int64 { max(0, length &- elapsed) }
}

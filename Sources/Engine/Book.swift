/// Where recorded activities go: the log, as the engine sees it.
public protocol Book: AnyObject, Sendable {
  /// What one reservation should stay within, so that several find room at once; a single entry may need more.
  var reservationBytes: Int { get }

  /// Makes sure that `count` entries of together `byteCount` bytes can be appended, before anything is counted. Every
  /// success is followed by one `append` of at most that much. Called on any I/O queue; must not block.
  ///
  /// - Throws: why nothing can be recorded now.
  func reserve(count: Int, byteCount: Int) throws(BookRefusal)

  /// Appends entries in order and gives back what of the reservation was not used.
  ///
  /// - Parameters:
  ///   - bytes: the entries, one behind the other.
  ///   - ends: where each ends in `bytes`; may be empty, which only gives the reservation back.
  ///   - durable: whether somebody waits for them to be durable.
  /// - Returns: the index of the first; the others follow without a gap.
  /// - Throws: when the log failed since the reservation.
  func append(
    _ bytes: UnsafeRawBufferPointer, ends: UnsafeBufferPointer<Int>, reservedCount: Int, reservedBytes: Int,
    durable: Bool
  ) throws(BookRefusal) -> UInt64
}

/// Why the book takes no entry.
public enum BookRefusal: Error, Sendable, Hashable {
  /// More was appended than could be written so far: retry shortly.
  case overloaded
  /// An entry is longer than the log takes: it never will be taken.
  case tooLarge
  /// The disk is full; reads and checks go on, and recording resumes by itself when space returns.
  case noSpace
  /// The log failed and stays closed until the server is restarted.
  case failed
}

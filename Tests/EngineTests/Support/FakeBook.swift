import Engine
import Synchronization

/// A book in memory that refuses when it is told to.
final class FakeBook: Book {
  struct State {
    var reserveRefusal: BookRefusal?
    var appendRefusal: BookRefusal?
    var entries: [[UInt8]] = []
    /// Reservations that no `append` has followed yet.
    var openReservations = 0
    var hasBrokenPromise = false
    var isDurableWanted = false
    var reservationBytes = Int.max
    /// What was reserved at once at most, and how many reservations there were.
    var (largestReservation, reservations) = (0, 0)
  }

  var reservationBytes: Int { current.reservationBytes }

  private let state = Mutex(State())

  var current: State { state.withLock { $0 } }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  func reserve(count: Int, byteCount: Int) throws(BookRefusal) {
    let refusal = state.withLock { state in
      if state.reserveRefusal == nil { state.openReservations += 1 }
      state.reservations += 1
      state.largestReservation = max(state.largestReservation, byteCount)
      return state.reserveRefusal
    }
    if let refusal { throw refusal }
  }

  func append(
    _ bytes: UnsafeRawBufferPointer, ends: UnsafeBufferPointer<Int>, reservedCount: Int, reservedBytes: Int,
    durable: Bool
  ) throws(BookRefusal) -> UInt64 {
    let taken: Result<UInt64, BookRefusal> = state.withLock { state in
      state.openReservations -= 1
      if ends.count > reservedCount || bytes.count > reservedBytes { state.hasBrokenPromise = true }
      if let refusal = state.appendRefusal { return .failure(refusal) }
      let first = UInt64(state.entries.count)
      var start = 0
      for end in ends {
        state.entries.append(Array(bytes[start..<end]))
        start = end
      }
      if durable { state.isDurableWanted = true }
      return .success(first)
    }
    return try taken.get()
  }
}

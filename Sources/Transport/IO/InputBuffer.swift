import Wire

/// Where a connection's bytes go when they are read: into an arena that all connections share, where frames are taken in
/// place. Only the beginning of a frame whose rest has not come is kept here; a frame longer than one read grows here,
/// with what came, not with what was promised.
///
/// One read is `begin`, the system call, `end`, taking frames, `keep`.
struct InputBuffer: ~Copyable {
  private var held = ByteStore()
  /// The frame that is being read is longer than one read: it lies here, not in the arena.
  private(set) var isLongFrame = false

  /// Bytes kept now.
  var count: Int { held.count }

  /// Where to read to: at most `byteCount` bytes, behind what is held.
  /// - Parameters:
  ///   - arena: has room for twice `byteCount`.
  ///   - maxPayloadBytes: what the frame was judged by when its first part came.
  mutating func begin(
    _ arena: UnsafeMutableRawPointer, byteCount: Int, maxPayloadBytes: Int
  ) -> UnsafeMutableRawBufferPointer {
    let held = held.count
    isLongFrame = false
    if held > 0, let size = try? Frame.byteCount(of: self.held.bytes, maxPayloadBytes: maxPayloadBytes),
      size > byteCount
    {
      isLongFrame = true
      // What is held doubles at most.
      let room = min(size - held, max(held, byteCount))
      return UnsafeMutableRawBufferPointer(start: self.held.reserve(room), count: room)
    }
    return UnsafeMutableRawBufferPointer(start: arena + held, count: byteCount)
  }

  /// `count` bytes were read: all there is to take frames from.
  mutating func end(_ arena: UnsafeMutableRawPointer, count: Int) -> UnsafeRawBufferPointer {
    if isLongFrame {
      held.commit(count)
      return held.bytes
    }
    let carried = held.bytes
    UnsafeMutableRawBufferPointer(start: arena, count: carried.count).copyMemory(from: carried)
    return UnsafeRawBufferPointer(start: arena, count: carried.count + count)
  }

  /// The first `consumed` of `bytes` were taken, and nobody needs them any more if `isLongFrame`.
  mutating func keep(_ bytes: UnsafeRawBufferPointer, from consumed: Int) {
    if isLongFrame && consumed == 0 { return }
    held.release()
    if consumed < bytes.count { held.append(UnsafeRawBufferPointer(rebasing: bytes[consumed...])) }
  }

  /// What is held, to take frames from without a read before; valid until the next change.
  var bytes: UnsafeRawBufferPointer { held.bytes }

  /// The first `count` bytes of what is held were taken, and nobody needs them any more.
  mutating func consume(_ count: Int) { held.consume(count) }

  mutating func release() { held.release() }
}

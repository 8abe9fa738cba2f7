/// Bytes on their way to a socket. Fixed memory; its owner calls `deallocate` once.
struct OutputBuffer {
  private let memory: UnsafeMutableRawPointer
  let capacity: Int
  private var start = 0
  private var end = 0

  var isEmpty: Bool { start == end }

  init(capacity: Int) {
    self.capacity = capacity
    memory = .allocate(byteCount: capacity, alignment: 64)
  }

  func deallocate() { memory.deallocate() }

  /// Where the next bytes go; nil when `count` bytes are not free.
  mutating func place(for count: Int) -> UnsafeMutableRawPointer? {
    if capacity - end < count {
      memory.copyMemory(from: memory + start, byteCount: end - start)
      end -= start
      start = 0
    }
    return capacity - end < count ? nil : memory + end
  }

  /// `count` bytes were written at the last `place`.
  mutating func append(_ count: Int) { end += count }

  /// Writes what the socket takes.
  mutating func flush(to socket: LoadSocket) throws(BenchError) {
    start += try socket.write(UnsafeRawBufferPointer(start: memory + start, count: end - start))
    if start == end {
      start = 0
      end = 0
    }
  }
}

/// The bytes of a message that is being written: in memory lent by the caller for as long as it is enough, else its own.
struct OutputBuffer: ~Copyable {
  private var memory: UnsafeMutableRawBufferPointer
  private var isOwner = false
  private(set) var count = 0

  /// Starts in `scratch`, which must outlive the buffer.
  init(scratch: UnsafeMutableRawBufferPointer) {
    memory = scratch
  }

  deinit {
    if isOwner { memory.deallocate() }
  }

  /// What has been written.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

  /// Makes room for `size` more bytes and gives where they go; the caller fills them.
  mutating func append(_ size: Int) -> UnsafeMutableRawPointer {
    if memory.count - count < size { grow(size) }
    defer { count += size }
    return memory.baseAddress.unsafelyUnwrapped + count  // There is memory: `scratch` or what `grow` allocated.
  }

  private mutating func grow(_ size: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: (count + size) * 2, alignment: 1)
    larger.copyMemory(from: bytes)
    if isOwner { memory.deallocate() }
    memory = larger
    isOwner = true
  }

  /// Takes back all that was written from `start` on.
  mutating func truncate(to start: Int) {
    count = start
  }

  mutating func writeVarint(_ value: UInt64) {
    WireWriter.store(value, at: append(WireWriter.varintLength(value)))
  }

  mutating func writeTag(_ tag: WireTag) {
    writeVarint(UInt64(tag.rawValue))
  }

  /// Writes a number as its wire type says; of the narrower ones the low bits.
  mutating func write(bits: UInt64, as type: WireType) {
    switch type {
    case .fixed32: append(4).storeBytes(of: UInt32(truncatingIfNeeded: bits).littleEndian, as: UInt32.self)
    case .fixed64: append(8).storeBytes(of: bits.littleEndian, as: UInt64.self)
    default: writeVarint(bits)
    }
  }

  /// Writes a length and the bytes that it counts.
  mutating func writeBytes(_ bytes: UnsafeRawBufferPointer) {
    writeVarint(UInt64(bytes.count))
    guard let source = bytes.baseAddress else { return }
    append(bytes.count).copyMemory(from: source, byteCount: bytes.count)
  }

  /// Sets a byte aside for the length of what follows; `closeLength` with what this gives fills it in.
  mutating func openLength() -> Int {
    _ = append(1)
    return count
  }

  /// Writes the length of all that was written since `openLength`, moving it up if that takes more than a byte.
  mutating func closeLength(_ start: Int) {
    let length = count - start
    let extra = WireWriter.varintLength(UInt64(length)) - 1
    if extra > 0 {
      _ = append(extra)
      let base = memory.baseAddress.unsafelyUnwrapped + start  // Something has been written.
      (base + extra).copyMemory(from: base, byteCount: length)
    }
    WireWriter.store(UInt64(length), at: memory.baseAddress.unsafelyUnwrapped + start - 1)
  }
}

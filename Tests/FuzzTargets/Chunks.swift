import Wire

@testable import Transport

/// Somebody who takes frames from what was read.
protocol FrameTaker: AnyObject {
  /// The longest payload accepted now.
  var maxPayloadBytes: Int { get }

  /// How many of `bytes` were taken.
  func take(_ bytes: UnsafeRawBufferPointer) -> Int
}

/// Cuts a stream of bytes into reads the way a network does, and takes frames from them the way a connection does.
///
/// Reads are far smaller than a server's, so that frames longer than one read are common.
struct Chunks: ~Copyable {
  private static let bytesPerRead = 64
  private let arena = Arena(capacity: 2 * Chunks.bytesPerRead)
  private var input = InputBuffer()
  private var sizes: ReadSizes

  /// - Parameter seed: decides the sizes of the reads; nil for as large as they get.
  init(seed: UInt64?) { sizes = ReadSizes(state: seed) }

  /// Gives all of `stream` to `taker`.
  mutating func read(_ stream: UnsafeRawBufferPointer, _ taker: some FrameTaker) {
    var offset = 0
    while offset < stream.count {
      let limit = taker.maxPayloadBytes
      let room = input.begin(arena.base, byteCount: Self.bytesPerRead, maxPayloadBytes: limit)
      require(!room.isEmpty, "there is no room to read to")
      let count = min(stream.count - offset, sizes.next(upTo: room.count))
      room.copyBytes(from: stream[offset..<offset + count])
      offset += count
      let bytes = input.end(arena.base, count: count)
      let consumed = taker.take(bytes)
      require(consumed >= 0 && consumed <= bytes.count, "more was taken than there is")
      let left = bytes.count - consumed
      input.keep(bytes, from: consumed)
      require(input.count == left, "what was not taken is not kept")
      require(left <= max(limit, taker.maxPayloadBytes) + FrameHeader.byteCount, "more is kept than a frame")
    }
  }
}

/// Sizes of reads: SplitMix64 (Steele, Lea, Flood 2014), or always the largest.
private struct ReadSizes {
  var state: UInt64?

  mutating func next(upTo most: Int) -> Int {
    guard let state else { return most }
    let next = state &+ 0x9E37_79B9_7F4A_7C15
    self.state = next
    var bits = (next ^ (next >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return 1 + Int((bits ^ (bits >> 31)) % UInt64(most))
  }
}

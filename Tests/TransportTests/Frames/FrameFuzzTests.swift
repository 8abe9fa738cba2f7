import Testing
import Wire

@testable import Transport

/// Frames through the same reading that both sides use, cut and damaged at random. A failure names its seed.
@Suite("Frames under fuzz")
struct FrameFuzzTests {
  private static let maxPayloadBytes = 3000
  private static let bytesPerRead = 256

  /// Feeds `bytes` in random chunks; the frames that come out, and the error if one came.
  private static func feed(_ bytes: [UInt8], _ random: inout SeededGenerator) -> (frames: [[UInt8]], error: FrameError?)
  {
    let arena = UnsafeMutableRawPointer.allocate(byteCount: 2 * bytesPerRead, alignment: 16)
    defer { arena.deallocate() }
    var input = InputBuffer()
    var frames: [[UInt8]] = []
    var position = 0
    while position < bytes.count {
      let room = input.begin(arena, byteCount: bytesPerRead, maxPayloadBytes: maxPayloadBytes)
      let count = min(Int.random(in: 1...room.count, using: &random), bytes.count - position)
      room.copyBytes(from: bytes[position..<position + count])
      position += count
      let available = input.end(arena, count: count)
      var offset = 0
      do {
        while let frame = try Frame.split(
          UnsafeRawBufferPointer(rebasing: available[offset...]), maxPayloadBytes: maxPayloadBytes)
        {
          frames.append(Array(available[offset..<offset + frame.byteCount]))
          offset += frame.byteCount
        }
      } catch {
        return (frames, error)
      }
      input.keep(available, from: offset)
      // What is kept is no more than the declared frame, doubled at most while it grows.
      if input.count > FrameHeader.byteCount + maxPayloadBytes { return (frames, .tooShort(length: .max)) }
    }
    return (frames, nil)
  }

  private static func randomFrames(_ random: inout SeededGenerator) -> [[UInt8]] {
    (0..<Int.random(in: 1...30, using: &random)).map { _ in
      let size = [0, 1, 40, 240, 241, 300, 3000].randomElement(using: &random) ?? 0
      let kind = FrameKind.allCases.randomElement(using: &random) ?? .ping
      return FrameHeader(kind, call: UInt32.random(in: 0...9, using: &random)).frame(payload: random.bytes(size))
    }
  }

  @Test("whatever the chunks, every frame arrives, whole and in order", arguments: 1...200 as ClosedRange<UInt64>)
  func chunks(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let frames = Self.randomFrames(&random)
    let (arrived, error) = Self.feed(frames.flatMap { $0 }, &random)
    #expect(error == nil, "seed \(seed)")
    #expect(arrived == frames, "seed \(seed)")
  }

  @Test(
    "with flipped bits, frames before the damage arrive; then frames or an error",
    arguments: 1...300 as ClosedRange<UInt64>)
  func flippedBits(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let frames = Self.randomFrames(&random)
    var bytes = frames.flatMap { $0 }
    let damaged = Int.random(in: 0..<bytes.count, using: &random)
    bytes[damaged] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    let (arrived, _) = Self.feed(bytes, &random)
    var end = 0
    let intact = frames.prefix { frame in
      end += frame.count
      return end <= damaged
    }
    #expect(Array(arrived.prefix(intact.count)) == Array(intact), "seed \(seed)")
    #expect(arrived.allSatisfy { $0.count >= FrameHeader.byteCount }, "seed \(seed)")
  }

  @Test(
    "noise is frames within the limit, or an error, and nothing is kept beyond it",
    arguments: 1...300 as ClosedRange<UInt64>)
  func noise(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (arrived, error) = Self.feed(random.bytes(5000), &random)
    #expect(arrived.allSatisfy { $0.count <= FrameHeader.byteCount + Self.maxPayloadBytes }, "seed \(seed)")
    #expect(error != .tooShort(length: .max), "seed \(seed)")
  }
}

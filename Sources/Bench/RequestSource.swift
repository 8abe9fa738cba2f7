/// Makes the requests of a run: a pool of encoded frames, patched with a key and a number for each call.
///
/// Every key belongs to one of the pool's `variantCount` variants for good, so that a customer's country, card and membership
/// stay the same from call to call. One call costs a copy of about 200 bytes, two draws and a few stores.
struct RequestSource {
  /// Variants of each kind of call; a power of two.
  static let variantCount = 8

  private let mix: CallMix
  private let keys: KeyDistribution
  private var random: SplitMix64
  private var number: UInt64 = 0
  /// `variantCount` templates for each share of the mix, in its order; their frames point into `memory`.
  private let templates: [RequestTemplate]
  /// Never freed: a run has one source, and it lives as long as the process.
  private let memory: UnsafeMutableRawBufferPointer

  /// The largest frame, in bytes.
  let maximumFrameBytes: Int

  /// `frames` gives the frame of a kind of call in a variant.
  init(mix: CallMix, keys: KeyDistribution, seed: UInt64, frames: (CallKind, Int) throws(BenchError) -> [UInt8])
    throws(BenchError)
  {
    self.mix = mix
    self.keys = keys
    random = SplitMix64(seed: seed)
    var pool: [(CallKind, [UInt8])] = []
    for share in mix.shares {
      for variant in 0..<Self.variantCount { pool.append((share.kind, try frames(share.kind, variant))) }
    }
    maximumFrameBytes = pool.map(\.1.count).max() ?? 0
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: pool.reduce(0) { $0 + $1.1.count }, alignment: 64)
    var offset = 0
    templates = pool.map { kind, frame in
      let place = UnsafeMutableRawBufferPointer(rebasing: memory[offset..<(offset + frame.count)])
      place.copyBytes(from: frame)
      offset += frame.count
      return RequestTemplate(kind: kind, frame: UnsafeRawBufferPointer(place))
    }
    self.memory = memory
  }

  /// Draws the next call: which template and which key.
  mutating func next() -> Request {
    let key = keys.next(using: &random)
    let variant = Int(truncatingIfNeeded: key) & (Self.variantCount - 1)
    number &+= 1
    return Request(
      template: mix.nextIndex(using: &random) * Self.variantCount + variant, key: key, number: number)
  }

  struct Request {
    fileprivate var template: Int
    fileprivate var key: UInt64
    fileprivate var number: UInt64
  }

  func kind(of request: Request) -> CallKind { templates[request.template].kind }

  /// Writes the request's frame at `output`, which has room for `maximumFrameBytes`; returns its size.
  func write(_ request: Request, call: UInt32, to output: UnsafeMutableRawPointer) -> Int {
    let template = templates[request.template]
    template.write(to: output, call: call, key: request.key, number: request.number)
    return template.frame.count
  }
}

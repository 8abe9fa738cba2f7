/// Random messages; SplitMix64 (Steele, Lea, Flood 2014), so that a seed says everything.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func text() -> String {
    let scalars = (0..<Int.random(in: 0...6, using: &self)).compactMap { _ in
      Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self) >> UInt32.random(in: 0...16, using: &self))
    }
    return String(String.UnicodeScalarView(scalars))
  }

  mutating func inner() -> Inner { Inner(lastSeenAt: Int64(bitPattern: next())) }

  mutating func sample() -> Sample {
    var sample = Sample()
    sample.flag = .random(using: &self)
    sample.small = Int32(truncatingIfNeeded: next())
    sample.large = Int64(bitPattern: next()) >> Int64.random(in: 0...63, using: &self)
    sample.natural = UInt32(truncatingIfNeeded: next())
    sample.huge = next()
    sample.ratio =
      [0, -0.0, 1e300, Double(bitPattern: next() & 0xBFFF_FFFF_FFFF_FFFF)].randomElement(using: &self) ?? 0
    sample.share = Float(Int16(truncatingIfNeeded: next())) / 7
    sample.someText = text()
    sample.data = (0..<Int.random(in: 0...9, using: &self)).map { _ in UInt8(truncatingIfNeeded: next()) }
    sample.colour = Colour(rawValue: Int32.random(in: -1...3, using: &self))
    sample.maybe = Bool.random(using: &self) ? nil : Int64(bitPattern: next())
    sample.inner = Bool.random(using: &self) ? nil : inner()
    sample.numbers = (0..<Int.random(in: 0...3, using: &self)).map { _ in Int64(bitPattern: next()) }
    sample.inners = (0..<Int.random(in: 0...3, using: &self)).map { _ in inner() }
    for _ in 0..<Int.random(in: 0...3, using: &self) { sample.labels[text()] = text() }
    for _ in 0..<Int.random(in: 0...3, using: &self) { sample.byNumber[Int32(truncatingIfNeeded: next())] = inner() }
    return sample
  }
}

/// A pattern with `*` (any characters) and `?` (one character), matched against a whole text in one pass over its bytes:
/// a non-deterministic automaton whose states are the bits of a word (Baeza-Yates and Gonnet, "A new approach to text
/// searching", 1992), so that no pattern is catastrophic.
struct GlobPattern {
  /// States but one: literal bytes and question marks together.
  static let maxLength = 63

  /// For each byte, the states that it may lead to from the state before.
  private let steps: FixedBuffer<UInt64>
  /// States in which any byte may pass: before a `*`.
  private let loops: UInt64
  /// States that a continuation byte of UTF-8 leaves alone: after a `?`.
  private let continuations: UInt64
  private let accepting: UInt64

  /// What a text is to look like.
  enum Form: Hashable, Sendable {
    /// `*` and `?` stand for others.
    case glob(String)
    /// These characters, anywhere.
    case containing(String)
  }

  /// One step of the automaton.
  private enum Element {
    case byte(UInt8)
    case anyCharacter
    case anything
  }

  /// `nil` when the pattern is too long.
  init?(_ form: Form) {
    self.init(Self.elements(form))
  }

  private static func elements(_ form: Form) -> [Element] {
    switch form {
    case .containing(let text): [.anything] + text.utf8.map { .byte($0) } + [.anything]
    case .glob(let pattern):
      pattern.utf8.map {
        $0 == UInt8(ascii: "*") ? .anything : $0 == UInt8(ascii: "?") ? .anyCharacter : .byte($0)
      }
    }
  }

  private init?(_ elements: [Element]) {
    var steps = [UInt64](repeating: 0, count: 256)
    var (loops, continuations): (UInt64, UInt64) = (0, 0)
    var state = 0
    for element in elements {
      if case .anything = element {
        loops |= 1 << UInt64(state)
        continue
      }
      state += 1
      guard state <= Self.maxLength else { return nil }
      let bit: UInt64 = 1 << UInt64(state)
      if case .byte(let byte) = element {
        steps[Int(byte)] |= bit
      } else {
        continuations |= bit
        for value in 0..<256 where value & 0xC0 != 0x80 { steps[value] |= bit }
      }
    }
    (self.loops, self.continuations) = (loops, continuations)
    accepting = 1 << UInt64(state)
    self.steps = FixedBuffer(steps)
  }

  func matches(_ text: UnsafeRawBufferPointer) -> Bool {
    var states: UInt64 = 1
    for byte in text {
      let kept = byte & 0xC0 == 0x80 ? loops | continuations : loops
      states = ((states << 1) & steps[Int(byte)]) | (states & kept)
    }
    return states & accepting != 0
  }

  func deallocate() { steps.deallocate() }
}

/// One connection's answers in the write arena.
@frozen
@usableFromInline
struct ReplySegment {
  @usableFromInline let slot: UInt32
  @usableFromInline let start: Int
  @usableFromInline var end: Int
  @usableFromInline var answers: UInt32

  @usableFromInline
  init(slot: UInt32, start: Int, end: Int, answers: UInt32) {
    self.slot = slot
    self.start = start
    self.end = end
    self.answers = answers
  }
}

/// How far a zone's wall clock is ahead of UTC from `start` up to `end`, in milliseconds. Kept from one activity to the
/// next, for it holds for months.
@frozen
@usableFromInline
struct ZoneOffset: BitwiseCopyable {
  /// The zone's number in the program; −1 for none.
  @usableFromInline var zone: Int32
  @usableFromInline var start: Int64
  @usableFromInline var end: Int64
  @usableFromInline var milliseconds: Int64
}

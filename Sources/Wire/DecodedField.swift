/// What a message that is being read has of one field, or one occurrence of a field all of whose occurrences count.
struct DecodedField {
  /// A number's bits or, for what has a length, where it is (`slice`).
  var bits: UInt64 = 0

  /// The next occurrence, or of a whole field the first: a place in `DecodedFields`, 0 when there is none.
  var next: Int32 = 0

  /// Of a whole field the last occurrence, or any number but 0 when only one counts; 0 when the field is absent.
  /// Of an occurrence: its wire type.
  var last: Int32 = 0

  var isPresent: Bool { last != 0 }

  var slice: WireSlice {
    WireSlice(offset: Int(bits >> 32), length: Int(bits & 0xffff_ffff))
  }

  static func bits(of slice: WireSlice) -> UInt64 {
    UInt64(slice.offset) << 32 | UInt64(slice.count)
  }
}

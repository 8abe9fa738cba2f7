import Wire

/// Where the activity lies in a request: field 1 of `EvaluateRequest` and of `RecordActivityRequest`.
enum ActivityBytes {
  private static let tag = WireTag(1, .lengthDelimited)

  /// The activity's own bytes; empty when there is none. The request was read before and has it in one piece.
  static func find(in request: UnsafeRawBufferPointer) throws(WireError) -> UnsafeRawBufferPointer {
    var reader = WireReader(request)
    while !reader.isAtEnd {
      let next = try reader.readTag()
      if next == tag { return try reader.readSlice().bytes(in: request) }
      try reader.skip(next)
    }
    return UnsafeRawBufferPointer(start: nil, count: 0)
  }
}

/// Goes over the entries of a `map<string, string>` by reading their bytes again; allocates nothing.
public struct TextMapEntries: Sequence, IteratorProtocol {
  /// Where a key and its value are.
  public typealias Element = (key: WireSlice, value: WireSlice)

  private var reader: WireReader
  private let tag: UInt32

  init(_ slice: TextMapSlice, _ message: UnsafeRawBufferPointer) {
    tag = slice.tag
    let end = slice.extent.offset + slice.extent.count
    reader = WireReader(message, from: slice.extent.offset, to: end, nesting: WireLimits.maximumNesting)
  }

  public mutating func next() -> Element? {
    // The bytes were found well-formed when the slice was made, so nothing here can throw.
    while !reader.isAtEnd, let found = try? reader.readTag() {
      if found.rawValue == tag { return try? reader.readTextEntry() }
      guard (try? reader.skip(found)) != nil else { return nil }
    }
    return nil
  }
}

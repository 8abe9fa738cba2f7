/// What a journal must be told.
public struct JournalConfiguration: Sendable {
  /// The checkpoint's origin and the signing key's name: a URL without scheme, such as `example.com/gatehouse`.
  public var origin: String
  public var limits = JournalLimits()
  /// Segments that lie wholly below this index are not read at start; set it to the index of the snapshot in use.
  public var checkFrom: UInt64 = 0

  public init(origin: String) { self.origin = origin }
}

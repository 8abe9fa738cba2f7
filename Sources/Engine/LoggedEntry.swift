import Wire

/// An entry of the log as it is replayed: the bytes of a `LogEntry` and where it stands.
public struct LoggedEntry {
  public var index: UInt64
  /// Valid until `Evaluator.restore` has returned.
  public var bytes: UnsafeRawBufferPointer

  public init(index: UInt64, bytes: UnsafeRawBufferPointer) {
    self.index = index
    self.bytes = bytes
  }

  /// The server's clock when it was recorded, Unix milliseconds.
  ///
  /// - Throws: when it is not a `LogEntry` of the contract.
  public func createdAt() throws(LoggedEntryError) -> Int64 {
    do throws(WireError) {
      return try LogEntryParts(bytes).createdAt
    } catch {
      throw LoggedEntryError(index: index, cause: error)
    }
  }

  /// Whether it is one of the server's own events and not an activity. Bytes that are no `LogEntry` are neither, and
  /// `Evaluator.restore` says what is wrong with them.
  public var isEvent: Bool {
    var reader = WireReader(bytes)
    do throws(WireError) {
      while !reader.isAtEnd {
        let tag = try reader.readTag()
        if tag == LogEntryParts.activityTag { return false }
        try reader.skip(tag)
      }
      return true
    } catch {
      return false
    }
  }
}

/// Why an entry of the log cannot be replayed: it is not a `LogEntry` of this contract.
public struct LoggedEntryError: Error, Equatable {
  /// Which one.
  public let index: UInt64
  /// What is wrong with its bytes.
  public let cause: WireError
}

/// What a `LogEntry` holds, in place.
struct LogEntryParts {
  var createdAt: Int64 = 0
  var activity: UnsafeRawBufferPointer?
  var decision: UnsafeRawBufferPointer?

  static let activityTag = WireTag(2, .lengthDelimited)

  init(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      switch tag {
      case WireTag(1, .varint): createdAt = Int64(bitPattern: try reader.readVarint())
      case Self.activityTag: activity = try reader.readSlice().bytes(in: bytes)
      case WireTag(3, .lengthDelimited): decision = try reader.readSlice().bytes(in: bytes)
      default: try reader.skip(tag)
      }
    }
  }
}

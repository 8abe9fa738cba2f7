import Wire

/// Answers to deferred calls, gathered so that `RPCServer.complete` sends many for one hop an I/O queue and one write a
/// connection.
public struct DeferredReplies: Sendable {
  struct Reply: Sendable {
    let token: ReplyToken
    let status: StatusCode
    let start: Int
    let byteCount: Int
  }

  private(set) var replies: [Reply] = []
  /// The frames, headers included, one behind the other.
  private(set) var frames: [UInt8] = []

  /// How many answers were gathered.
  public var count: Int { replies.count }
  public var isEmpty: Bool { replies.isEmpty }

  /// - Parameters: what room to make at once.
  public init(expectedCount: Int = 0, expectedBytes: Int = 0) {
    replies.reserveCapacity(expectedCount)
    frames.reserveCapacity(expectedBytes + expectedCount * FrameHeader.byteCount)
  }

  /// Adds the answer to one call: the method's output, or with another status a `Status`.
  public mutating func append(_ token: ReplyToken, status: StatusCode = .ok, payload: UnsafeRawBufferPointer) {
    let header = FrameHeader(
      .response, call: token.call, value: UInt32(status.rawValue), payloadByteCount: payload.count)
    replies.append(
      Reply(token: token, status: status, start: frames.count, byteCount: FrameHeader.byteCount + payload.count))
    withUnsafeTemporaryAllocation(byteCount: FrameHeader.byteCount, alignment: 8) { room in
      guard let base = room.baseAddress else { return }
      header.store(to: base)
      frames.append(contentsOf: room)
    }
    frames.append(contentsOf: payload)
  }

  /// Adds the answer to one call.
  public mutating func append(_ token: ReplyToken, payload: [UInt8]) {
    payload.withUnsafeBytes { append(token, payload: $0) }
  }

  /// Answers one call with an error.
  public mutating func append(_ token: ReplyToken, error: RPCError) {
    error.payload.withUnsafeBytes { append(token, status: error.code, payload: $0) }
  }
}

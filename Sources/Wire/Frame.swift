/// One frame where it lies in a buffer. Valid as long as the buffer is.
@frozen
public struct Frame {
  /// The sixteen bytes before the payload.
  public let header: FrameHeader
  /// The payload, in place.
  public let payload: UnsafeRawBufferPointer

  @inlinable
  init(header: FrameHeader, payload: UnsafeRawBufferPointer) {
    self.header = header
    self.payload = payload
  }

  /// The frame's size with its header.
  @inlinable public var byteCount: Int { FrameHeader.byteCount &+ payload.count }

  /// The frame at the beginning of `bytes`; nil when more bytes are needed. Copies nothing, keeps nothing.
  ///
  /// The length is judged as soon as its four bytes are there, so an oversized frame is refused before it is read.
  /// - Throws: `tooShort`, `tooLong`; the other fields are judged by `FrameHeader.violation`.
  @inlinable
  public static func split(_ bytes: UnsafeRawBufferPointer, maxPayloadBytes: Int) throws(FrameError) -> Frame? {
    guard let size = try byteCount(of: bytes, maxPayloadBytes: maxPayloadBytes), size <= bytes.count,
      let base = bytes.baseAddress
    else { return nil }
    let header = FrameHeader(loading: base)
    let payload = UnsafeRawBufferPointer(start: base + FrameHeader.byteCount, count: header.payloadByteCount)
    return Frame(header: header, payload: payload)
  }

  /// The whole size that the frame at the beginning of `bytes` declares; nil while its length field is incomplete.
  /// - Throws: `tooShort`, `tooLong`.
  @inlinable
  public static func byteCount(of bytes: UnsafeRawBufferPointer, maxPayloadBytes: Int) throws(FrameError) -> Int? {
    guard bytes.count >= FrameHeader.lengthFieldByteCount, let base = bytes.baseAddress else { return nil }
    let length = UInt32(littleEndian: base.loadUnaligned(as: UInt32.self))
    guard length >= FrameHeader.minLength else { throw .tooShort(length: length) }
    let payloadByteCount = Int(length &- FrameHeader.minLength)
    guard payloadByteCount <= maxPayloadBytes else {
      throw .tooLong(payloadByteCount: payloadByteCount, limit: maxPayloadBytes)
    }
    return FrameHeader.byteCount &+ payloadByteCount
  }
}

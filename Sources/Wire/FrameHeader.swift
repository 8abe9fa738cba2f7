/// The sixteen bytes before every payload.
///
/// ```
/// offset 0   u32  length      bytes that follow this field: 12 + the payload's
///        4   u8   kind
///        5   u8   flags       zero in version 1
///        6   u16  method      REQUEST: the method's id; otherwise zero
///        8   u32  call        zero for frames of the connection
///       12   u32  value       REQUEST: µs left; RESPONSE, GO_AWAY: status; CREDIT: items; PING, PONG: any
/// ```
/// All integers are little-endian. A header is a plain value: it says what the bytes said, valid or not; `violation`
/// judges it.
@frozen
public struct FrameHeader: Sendable, Hashable {
  /// Bytes that follow the length field.
  public var length: UInt32
  /// The kind as sent, known or not.
  public var rawKind: UInt8
  /// Bits that the kind defines; none in version 1.
  public var flags: UInt8
  /// REQUEST: the method's id.
  public var method: UInt16
  /// The call's id, 0 for frames of the connection.
  public var call: UInt32
  /// By kind.
  public var value: UInt32

  /// A header's own size.
  public static let byteCount = 16
  /// The size of the length field, which does not count itself.
  public static let lengthFieldByteCount = 4
  /// The smallest valid `length`: the rest of a header without payload.
  public static let minLength: UInt32 = 12
  /// The longest payload of a PING or PONG.
  public static let maxPingPayloadBytes = 64

  /// The kind, nil when this version does not know it.
  @inlinable public var kind: FrameKind? { FrameKind(rawValue: rawKind) }
  /// Bytes of payload; meaningful when `length` is at least `minLength`.
  @inlinable public var payloadByteCount: Int { Int(length) &- Int(Self.minLength) }

  /// - Parameter payloadByteCount: 0 to 2³² − 13.
  @inlinable
  public init(_ kind: FrameKind, method: UInt16 = 0, call: UInt32 = 0, value: UInt32 = 0, payloadByteCount: Int = 0) {
    length = Self.minLength &+ UInt32(truncatingIfNeeded: payloadByteCount)
    rawKind = kind.rawValue
    flags = 0
    self.method = method
    self.call = call
    self.value = value
  }

  /// Reads the sixteen bytes at `bytes`, which need no alignment.
  @inlinable
  public init(loading bytes: UnsafeRawPointer) {
    let low = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let high = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    length = UInt32(truncatingIfNeeded: low)
    rawKind = UInt8(truncatingIfNeeded: low >> 32)
    flags = UInt8(truncatingIfNeeded: low >> 40)
    method = UInt16(truncatingIfNeeded: low >> 48)
    call = UInt32(truncatingIfNeeded: high)
    value = UInt32(truncatingIfNeeded: high >> 32)
  }

  /// Writes the sixteen bytes at `bytes`, which need no alignment.
  @inlinable
  public func store(to bytes: UnsafeMutableRawPointer) {
    let low = UInt64(length) | UInt64(rawKind) << 32 | UInt64(flags) << 40 | UInt64(method) << 48
    let high = UInt64(call) | UInt64(value) << 32
    bytes.storeBytes(of: low.littleEndian, as: UInt64.self)
    bytes.storeBytes(of: high.littleEndian, toByteOffset: 8, as: UInt64.self)
  }

  /// The frame's bytes: this header with `payload`'s length, then `payload`.
  public func frame(payload: [UInt8] = []) -> [UInt8] {
    var header = self
    header.length = Self.minLength + UInt32(payload.count)
    return [UInt8](unsafeUninitializedCapacity: Self.byteCount + payload.count) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      header.store(to: base)
      payload.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer)[Self.byteCount...].copyBytes(from: $0) }
      count = Self.byteCount + payload.count
    }
  }
}

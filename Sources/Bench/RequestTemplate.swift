/// A request's frame, encoded once, whose variable parts are patched in place at fixed offsets for every call.
///
/// The variable parts are found by their placeholders, which are as long as what replaces them:
///
/// - `keyPlaceholder`, up to `maximumKeyCount` times: the key as 8 decimal digits;
/// - `addressPlaceholder`, at most once: an IPv4 address `1dd.1dd.1dd.1dd` made of the same digits;
/// - `idPlaceholder`, at most once: a number unique in the run as 16 hexadecimal digits.
struct RequestTemplate {
  static let keyPlaceholder = "KKKKKKKK"
  static let addressPlaceholder = "1kk.1kk.1kk.1kk"
  static let idPlaceholder = "IIIIIIIIIIIIIIII"
  static let maximumKeyCount = 4

  /// Offset of the call id in a frame's header (wire.md).
  private static let callOffset = 8

  /// What the call is, as a raw byte for the call table.
  let kind: CallKind
  /// The frame's bytes; owned by the `RequestSource`.
  let frame: UnsafeRawBufferPointer
  private let keyOffsets: (Int, Int, Int, Int)
  private let keyCount: Int
  private let addressOffset: Int?
  private let idOffset: Int?

  /// `frame` is one whole frame and outlives the template.
  init(kind: CallKind, frame: UnsafeRawBufferPointer) {
    self.kind = kind
    self.frame = frame
    let keys = Self.offsets(of: Self.keyPlaceholder, in: frame)
    precondition(keys.count <= Self.maximumKeyCount)
    keyCount = keys.count
    let padded = keys + Array(repeating: 0, count: Self.maximumKeyCount - keys.count)
    keyOffsets = (padded[0], padded[1], padded[2], padded[3])
    addressOffset = Self.offsets(of: Self.addressPlaceholder, in: frame).first
    idOffset = Self.offsets(of: Self.idPlaceholder, in: frame).first
  }

  /// Writes the frame at `output`, which has room for it, and patches it; `key` is below 10⁸.
  func write(to output: UnsafeMutableRawPointer, call: UInt32, key: UInt64, number: UInt64) {
    guard let base = frame.baseAddress else { return }
    output.copyMemory(from: base, byteCount: frame.count)
    output.storeBytes(of: call.littleEndian, toByteOffset: Self.callOffset, as: UInt32.self)
    if let idOffset {
      output.storeBytes(of: Digits.hexadecimal(UInt32(number >> 32)), toByteOffset: idOffset, as: UInt64.self)
      output.storeBytes(
        of: Digits.hexadecimal(UInt32(truncatingIfNeeded: number)), toByteOffset: idOffset + 8, as: UInt64.self)
    }
    guard keyCount > 0 else { return }
    let digits = Digits.decimal(key)
    output.storeBytes(of: digits, toByteOffset: keyOffsets.0, as: UInt64.self)
    if keyCount > 1 { output.storeBytes(of: digits, toByteOffset: keyOffsets.1, as: UInt64.self) }
    if keyCount > 2 { output.storeBytes(of: digits, toByteOffset: keyOffsets.2, as: UInt64.self) }
    if keyCount > 3 { output.storeBytes(of: digits, toByteOffset: keyOffsets.3, as: UInt64.self) }
    if let addressOffset { Self.patchAddress(output + addressOffset, digits) }
  }

  /// Two digits behind each leading 1: `1dd.1dd.1dd.1dd`.
  private static func patchAddress(_ address: UnsafeMutableRawPointer, _ digits: UInt64) {
    address.storeBytes(of: UInt16(truncatingIfNeeded: digits), toByteOffset: 1, as: UInt16.self)
    address.storeBytes(of: UInt16(truncatingIfNeeded: digits >> 16), toByteOffset: 5, as: UInt16.self)
    address.storeBytes(of: UInt16(truncatingIfNeeded: digits >> 32), toByteOffset: 9, as: UInt16.self)
    address.storeBytes(of: UInt16(truncatingIfNeeded: digits >> 48), toByteOffset: 13, as: UInt16.self)
  }

  private static func offsets(of placeholder: String, in frame: UnsafeRawBufferPointer) -> [Int] {
    let wanted = Array(placeholder.utf8)
    guard frame.count >= wanted.count else { return [] }
    return (0...(frame.count - wanted.count)).filter { frame[$0..<($0 + wanted.count)].elementsEqual(wanted) }
  }
}

import CLinux

/// CRC-32C (Castagnoli, reflected), the checksum of segments and snapshots; RFC 3720 appendix B.4 has its test values.
///
/// It finds accidents, never attacks: those are the Merkle tree's work. About 8 GB/s with the CPU's instruction.
public struct CRC32C: Sendable {
  private var register: UInt32 = .max

  public init() {}

  /// The checksum of all bytes so far.
  public var value: UInt32 { ~register }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    if Self.hasInstruction {
      register = cl_crc32c(register, base, UInt(bytes.count))
    } else {
      register = Self.updateByTable(register, bytes)
    }
  }

  public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc = CRC32C()
    crc.update(bytes)
    return crc.value
  }

  private static let hasInstruction = cl_has_crc32c() != 0

  /// One byte's effect on the register, for machines without the instruction.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
  }

  static func updateByTable(_ register: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      bytes.reduce(register) { ($0 >> 8) ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
  }
}

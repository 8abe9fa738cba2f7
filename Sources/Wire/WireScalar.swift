/// A Swift type that holds proto3 numbers. The bits are those that a varint carries or a fixed-width value consists of.
protocol WireScalar {
  /// The bits as which this value is written; nil if the type is not one that this Swift type holds.
  func bits(as kind: ProtobufType.Kind) -> UInt64?

  /// The value of these bits, those too many dropped; nil if the type is not one that this Swift type holds.
  init?(bits: UInt64, as kind: ProtobufType.Kind)
}

extension Bool: WireScalar {
  func bits(as kind: ProtobufType.Kind) -> UInt64? {
    kind == .bool ? (self ? 1 : 0) : nil
  }

  init?(bits: UInt64, as kind: ProtobufType.Kind) {
    guard kind == .bool else { return nil }
    self = bits != 0
  }
}

extension Int32: WireScalar {
  func bits(as kind: ProtobufType.Kind) -> UInt64? {
    switch kind {
    // Negative numbers are widened to 64 bits, so that a reader may take the field as an int64.
    case .int32, .enumeration: UInt64(bitPattern: Int64(self))
    case .sint32: UInt64(ZigZag.encode(self))
    case .sfixed32: UInt64(UInt32(bitPattern: self))
    default: nil
    }
  }

  init?(bits: UInt64, as kind: ProtobufType.Kind) {
    switch kind {
    case .int32, .enumeration, .sfixed32: self.init(truncatingIfNeeded: bits)
    case .sint32: self.init(bitPattern: ZigZag.decode(UInt32(truncatingIfNeeded: bits)))
    default: return nil
    }
  }
}

extension Int64: WireScalar {
  func bits(as kind: ProtobufType.Kind) -> UInt64? {
    switch kind {
    case .int64, .sfixed64: UInt64(bitPattern: self)
    case .sint64: ZigZag.encode(self)
    default: nil
    }
  }

  init?(bits: UInt64, as kind: ProtobufType.Kind) {
    switch kind {
    case .int64, .sfixed64: self.init(bitPattern: bits)
    case .sint64: self.init(bitPattern: ZigZag.decode(bits))
    default: return nil
    }
  }
}

extension UInt32: WireScalar {
  func bits(as kind: ProtobufType.Kind) -> UInt64? {
    kind == .uint32 || kind == .fixed32 ? UInt64(self) : nil
  }

  init?(bits: UInt64, as kind: ProtobufType.Kind) {
    guard kind == .uint32 || kind == .fixed32 else { return nil }
    self.init(truncatingIfNeeded: bits)
  }
}

extension UInt64: WireScalar {
  func bits(as kind: ProtobufType.Kind) -> UInt64? {
    kind == .uint64 || kind == .fixed64 ? self : nil
  }

  init?(bits: UInt64, as kind: ProtobufType.Kind) {
    guard kind == .uint64 || kind == .fixed64 else { return nil }
    self = bits
  }
}

extension Float: WireScalar {
  func bits(as kind: ProtobufType.Kind) -> UInt64? {
    kind == .float ? UInt64(bitPattern) : nil
  }

  init?(bits: UInt64, as kind: ProtobufType.Kind) {
    guard kind == .float else { return nil }
    self.init(bitPattern: UInt32(truncatingIfNeeded: bits))
  }
}

extension Double: WireScalar {
  func bits(as kind: ProtobufType.Kind) -> UInt64? {
    kind == .double ? bitPattern : nil
  }

  init?(bits: UInt64, as kind: ProtobufType.Kind) {
    guard kind == .double else { return nil }
    self.init(bitPattern: bits)
  }
}

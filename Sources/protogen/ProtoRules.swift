/// Bounds of the proto3 language and of this protocol.
enum ProtoRules {
  /// The largest field number: 29 bits.
  static let maximumFieldNumber = 536_870_911

  /// Field numbers that protobuf keeps for itself.
  static let implementationNumbers = 19_000...19_999

  /// The largest method number: frames have 16 bits for it.
  static let maximumMethodID = 65_535
}

/// A dictionary that a map field holds, its key and value types forgotten.
protocol MapField {
  /// Writes the entries as the map field `field`.
  func write(to encoder: MessageEncoder, _ field: UnsafePointer<FieldLayout>) throws

  /// Reads the entries of a map field; of equal keys the last counts.
  static func read(
    from decoder: MessageDecoder, _ field: UnsafePointer<FieldLayout>, _ schema: ProtobufSchema,
    _ occurrences: Occurrences
  ) throws -> Self
}

extension Dictionary: MapField where Key: MapKey, Value: Codable {
  func write(to encoder: MessageEncoder, _ field: UnsafePointer<FieldLayout>) throws {
    try encoder.writeEntries(self, field)
  }

  static func read(
    from decoder: MessageDecoder, _ field: UnsafePointer<FieldLayout>, _ schema: ProtobufSchema,
    _ occurrences: Occurrences
  ) throws -> Self {
    try decoder.entries(field, schema, occurrences)
  }
}

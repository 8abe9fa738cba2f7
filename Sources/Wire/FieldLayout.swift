/// What coders ask of a field for every value: a `ProtobufField` without what must be counted or allocated.
struct FieldLayout {
  /// What stands before a value on the wire.
  let tag: WireTag

  /// Where the field stands in its schema's `fields`.
  let place: Int32

  /// The field's type.
  let kind: ProtobufType.Kind

  /// Values that equal the default are written too.
  let isExplicit: Bool

  /// It holds an `Array`.
  let isRepeated: Bool

  /// Its values may share one length-delimited field.
  let isPackable: Bool

  /// Its values do so when written.
  let isPacked: Bool

  /// All occurrences on the wire count, not only the last.
  let isCollected: Bool

  /// It is one of a oneof's fields.
  let isOneofMember: Bool

  init(_ field: ProtobufField, place: Int) {
    self.place = Int32(truncatingIfNeeded: place)
    kind = field.type.kind
    tag = WireTag(UInt32(truncatingIfNeeded: field.number), kind.wireType)
    isExplicit = field.label != .implicit
    isRepeated = field.label == .repeated || field.label == .expanded
    isPackable = isRepeated && kind.wireType != .lengthDelimited
    isPacked = isPackable && field.label == .repeated
    isCollected = isRepeated || kind == .message || kind == .map
    if case .oneof = field.label { isOneofMember = true } else { isOneofMember = false }
  }
}

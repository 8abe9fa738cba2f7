import GatehouseProtocol
import Rules
import Wire

/// What each field of a request means to the engine: a table made from the contract's schemas, with one row for every
/// message and one column for every field number, so that a reader finds a field by its tag alone.
///
/// Owned by an `EvaluationScratch`, which frees it.
struct RequestLayout {
  /// What is done with a field's value.
  enum Meaning: UInt8, BitwiseCopyable {
    /// Nothing: the field is not in the table.
    case unknown
    /// A text that rules can read.
    case text
    /// A text that has a shape.
    case code
    /// The activity's id, entity and action: texts that the engine itself reads, too.
    case id, entity, action
    /// A message of its own row.
    case message
    case activity, amount
    case attribute
    case occurredAt, startedAt, minorUnits, boolean, choice
    case latitude, longitude
    case mode, durability
  }

  /// 8 bytes: a request of the usual size touches a handful of cache lines.
  struct Entry: BitwiseCopyable {
    /// As it stands on the wire, wire type included; 0 is no tag.
    var tag: UInt16 = 0
    var meaning = Meaning.unknown
    /// Where a value that rules can read goes.
    var field = Field.id
    var shape = TextShape.any
    /// Of a message.
    var row: UInt8 = 0
    /// Of a text.
    var maxBytes: UInt16 = 0
  }

  /// Columns. Fields beyond are read as those of a later version are: by the views.
  static let fieldsPerMessage = 32
  private static let evaluateRow = 0
  private static let recordRow = 1
  private static let activityRow = 2

  private let entries: UnsafeMutablePointer<Entry>
  /// The attributes that the rules read, in the order of `RuleSet.attributeNames`.
  let attributeNames: UnsafeBufferPointer<UnsafeRawBufferPointer>

  init(attributeNames names: [String]) {
    attributeNames = Self.copy(of: names)
    let rows: [(path: String, schema: ProtobufSchema)] = [
      ("actor", Actor.schema), ("location", Location.schema), ("home", Location.schema), ("amount", Money.schema),
      ("card", Card.schema), ("membership", Membership.schema),
    ]
    let count = (Self.activityRow + 1 + rows.count) * Self.fieldsPerMessage
    entries = .allocate(capacity: count)
    entries.initialize(repeating: Entry(), count: count)
    add(Self.evaluateRow, EvaluateRequest.schema, "activity", Entry(meaning: .activity, row: UInt8(Self.activityRow)))
    add(Self.evaluateRow, EvaluateRequest.schema, "mode", Entry(meaning: .mode))
    add(Self.evaluateRow, EvaluateRequest.schema, "durability", Entry(meaning: .durability))
    add(
      Self.recordRow, RecordActivityRequest.schema, "activity",
      Entry(meaning: .activity, row: UInt8(Self.activityRow)))
    add(Self.recordRow, RecordActivityRequest.schema, "durability", Entry(meaning: .durability))
    add(Self.activityRow, Activity.schema, "attributes", Entry(meaning: .attribute))
    for (index, message) in rows.enumerated() {
      let row = Self.activityRow + 1 + index
      let meaning = message.path == "amount" ? Meaning.amount : .message
      add(Self.activityRow, Activity.schema, message.path, Entry(meaning: meaning, row: UInt8(row)))
      for field in Field.allCases where field.name.hasPrefix(message.path + ".") {
        add(row, message.schema, String(field.name.dropFirst(message.path.count + 1)), Entry(field))
      }
    }
    for field in Field.allCases where !field.name.contains(".") {
      add(Self.activityRow, Activity.schema, field.name, Entry(field))
    }
  }

  func deallocate() {
    entries.deallocate()
    for name in attributeNames { name.deallocate() }
    attributeNames.deallocate()
  }

  /// The fields of a request by number, `fieldsPerMessage` of them.
  func fields(of method: EvaluationRequest.Method) -> UnsafePointer<Entry> {
    fields(ofRow: UInt8(method == .evaluate ? Self.evaluateRow : Self.recordRow))
  }

  /// The fields of a message by number.
  @inline(__always)
  func fields(ofRow row: UInt8) -> UnsafePointer<Entry> {
    UnsafePointer(entries + Int(row) &* Self.fieldsPerMessage)
  }

  private func add(_ row: Int, _ schema: ProtobufSchema, _ name: String, _ entry: Entry) {
    guard let field = schema.fields.first(where: { $0.name == name }), field.number < Self.fieldsPerMessage else {
      preconditionFailure("the contract has no field \(name), or it lies beyond the table")
    }
    var entry = entry
    entry.tag = UInt16(field.number << 3) | UInt16(entry.meaning.wireType.rawValue)
    entries[row * Self.fieldsPerMessage + field.number] = entry
  }

  private static func copy(of names: [String]) -> UnsafeBufferPointer<UnsafeRawBufferPointer> {
    let copies = UnsafeMutableBufferPointer<UnsafeRawBufferPointer>.allocate(capacity: names.count)
    for (index, name) in names.enumerated() {
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: name.utf8.count, alignment: 1)
      copy.copyBytes(from: name.utf8)
      copies.initializeElement(at: index, to: UnsafeRawBufferPointer(copy))
    }
    return UnsafeBufferPointer(copies)
  }
}

extension RequestLayout.Entry {
  /// The entry of a field that rules can read.
  fileprivate init(_ field: Field) {
    let meaning: RequestLayout.Meaning =
      switch field {
      case .id: .id
      case .entity: .entity
      case .action: .action
      case .occurredAt: .occurredAt
      case .membershipStartedAt: .startedAt
      case .amountMinorUnits: .minorUnits
      case .wasSuccessful: .boolean
      case .actorKind, .category, .importance: .choice
      case .locationLatitude, .homeLatitude: .latitude
      case .locationLongitude, .homeLongitude: .longitude
      default: field.shape == .any ? .text : .code
      }
    self.init(meaning: meaning, field: field, shape: field.shape, maxBytes: UInt16(field.maxBytes))
  }
}

extension RequestLayout.Meaning {
  /// How a value of this meaning stands on the wire.
  fileprivate var wireType: WireType {
    switch self {
    case .unknown, .text, .code, .id, .entity, .action, .message, .activity, .amount, .attribute: .lengthDelimited
    case .occurredAt, .startedAt, .minorUnits, .boolean, .choice, .mode, .durability: .varint
    case .latitude, .longitude: .fixed64
    }
  }
}

import GatehouseProtocol
import Rules
import Wire

/// Reads a request that is as the contract wants it in one pass: checks the wire format and the activity's limits and
/// puts the values where rules read them, field by field, without a view of the whole between.
///
/// It accepts or declines, and never says why: `ActivityView` and `ActivityCheck` read again what it declines, and find
/// what is wrong. It also declines what is right but rare (fields of a later version, an activity in several pieces,
/// numbers of nine bytes). What it accepts they accept, with the same values; a test holds it to that.
struct RequestReader {
  private(set) var activity = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var id = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var entity = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var action = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Of the activity; the server's clock when it has none of its own.
  private(set) var time: Int64
  private(set) var mode: Int32 = 0
  private(set) var durability: Int32 = 0
  private var hasAmount = false
  private var hasCurrency = false
  private var attributeCount = 0
  private let latestAllowed: Int64
  private let layout: RequestLayout
  /// The last place at which eight bytes of the request can be loaded.
  private let lastWord: UnsafeRawPointer

  /// - Parameters:
  ///   - now: the server's clock, Unix milliseconds.
  ///   - latestAllowed: the latest `occurred_at` that is not refused as lying in the future.
  ///   - values: take over what the activity says; of no meaning when the request is declined.
  /// - Returns: nil when the request is declined.
  init?(
    _ request: EvaluationRequest, _ layout: RequestLayout, now: Int64, latestAllowed: Int64,
    into values: inout FieldValues
  ) {
    guard let start = request.payload.baseAddress, request.payload.count >= 8 else { return nil }
    let end = start + request.payload.count
    time = now
    self.latestAllowed = min(latestAllowed, ActivityCheck.latestTime)
    self.layout = layout
    lastWord = end - 8
    values.removeAll()
    guard read(layout.fields(of: request.method), start, end, &values) else { return nil }
    guard activity.baseAddress != nil, hasCurrency || !hasAmount else { return nil }
    values.setInteger(time, for: .occurredAt)
  }

  // Every method is mutating, or static: what is not gets a copy of the whole reader at each call.

  // MARK: - Messages

  /// A message that is being read.
  private struct Message {
    /// Its row of the table.
    var fields: UnsafePointer<RequestLayout.Entry>
    var end: UnsafeRawPointer
  }

  /// Reads the request and the messages that it holds. These are nested as deep as the table's rows: the request, the
  /// activity, and what the activity holds.
  private mutating func read(
    _ fields: UnsafePointer<RequestLayout.Entry>, _ start: UnsafeRawPointer, _ end: UnsafeRawPointer,
    _ values: inout FieldValues
  ) -> Bool {
    let request = Message(fields: fields, end: end)
    var activity = request
    var message = request
    var next = start
    while true {
      if next == message.end {
        if next == request.end { return true }
        message = next == activity.end ? request : activity
        continue
      }
      guard let (tag, operand) = readTag(&next, message.end) else { return false }
      guard tag >> 3 < RequestLayout.fieldsPerMessage else { return false }
      let entry = message.fields + Int(bitPattern: tag >> 3)
      guard entry.pointee.tag == tag else { return false }
      guard tag & 7 == UInt(WireType.lengthDelimited.rawValue) else {
        guard take(operand, entry, &values) else { return false }
        continue
      }
      guard operand <= UInt64(truncatingIfNeeded: message.end - next) else { return false }
      let bytes = UnsafeRawBufferPointer(start: next, count: Int(truncatingIfNeeded: operand))
      switch entry.pointee.meaning {
      case .text: guard takeText(bytes, entry, &values) else { return false }
      case .activity, .amount, .message:
        guard enter(bytes, entry.pointee.meaning, &values) else { return false }
        message = Message(fields: layout.fields(ofRow: entry.pointee.row), end: next + bytes.count)
        if entry.pointee.meaning == .activity { activity = message }
        continue
      default: guard takeSpecial(bytes, entry, &values) else { return false }
      }
      next += bytes.count
    }
  }

  /// Notes that a nested message begins.
  @inline(__always)
  private mutating func enter(
    _ bytes: UnsafeRawBufferPointer, _ meaning: RequestLayout.Meaning, _ values: inout FieldValues
  ) -> Bool {
    if meaning == .activity {
      guard activity.baseAddress == nil, bytes.count <= ActivityCheck.maxActivityBytes else { return false }
      activity = bytes
    } else if meaning == .amount, !hasAmount {
      // An amount without `minor_units` is zero, which is something else than no amount.
      values.setInteger(0, for: .amountMinorUnits)
      hasAmount = true
    }
    return true
  }

  // MARK: - Texts

  @inline(__always)
  private mutating func takeText(
    _ text: UnsafeRawBufferPointer, _ entry: UnsafePointer<RequestLayout.Entry>, _ values: inout FieldValues
  ) -> Bool {
    values.setText(text, for: entry.pointee.field)
    return text.count <= Int(entry.pointee.maxBytes) && isUTF8(text)
  }

  /// Takes what is no text, or more than a text.
  @inline(__always)
  private mutating func takeSpecial(
    _ bytes: UnsafeRawBufferPointer, _ entry: UnsafePointer<RequestLayout.Entry>, _ values: inout FieldValues
  ) -> Bool {
    switch entry.pointee.meaning {
    case .id: id = bytes
    case .entity: entity = bytes
    case .action: action = bytes
    case .code: return takeCode(bytes, entry, &values)
    case .attribute: return takeAttribute(bytes, &values)
    default: return false
    }
    return takeText(bytes, entry, &values)
  }

  /// Takes a text that has a shape, which is ASCII.
  private mutating func takeCode(
    _ text: UnsafeRawBufferPointer, _ entry: UnsafePointer<RequestLayout.Entry>, _ values: inout FieldValues
  ) -> Bool {
    values.setText(text, for: entry.pointee.field)
    if entry.pointee.shape == .currency { hasCurrency = !text.isEmpty }
    return text.isEmpty || entry.pointee.shape.fits(text)
  }

  /// Takes an entry of the attributes, if it is written as all encoders do: its key, then its value.
  private mutating func takeAttribute(_ bytes: UnsafeRawBufferPointer, _ values: inout FieldValues) -> Bool {
    guard var next = bytes.baseAddress else { return false }
    let end = next + bytes.count
    guard let key = readAttributePart(1, &next, end), TextShape.attributeKey.fits(key),
      let value = readAttributePart(2, &next, end), value.count <= ActivityCheck.maxAttributeValueBytes,
      next == end, isUTF8(value)
    else { return false }
    attributeCount &+= 1
    values.setAttribute(key, value, names: layout.attributeNames)
    return attributeCount <= ActivityCheck.maxAttributes
  }

  private mutating func readAttributePart(
    _ number: UInt32, _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> UnsafeRawBufferPointer? {
    guard let (tag, length) = readTag(&next, end), tag == UInt(WireTag(number, .lengthDelimited).rawValue),
      length <= UInt64(truncatingIfNeeded: end - next)
    else { return nil }
    defer { next += Int(truncatingIfNeeded: length) }
    return UnsafeRawBufferPointer(start: next, count: Int(truncatingIfNeeded: length))
  }

  /// Up to sixteen bytes of ASCII, which most texts are, take two loads at most.
  @inline(__always)
  private mutating func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let start = text.baseAddress else { return true }
    var bits = UInt64.max
    if text.count < 8 {
      if start <= lastWord {
        // The surplus of the load, which lies within the request, does not count.
        let surplus = UInt64.max &<< UInt64(truncatingIfNeeded: 8 &* text.count)
        bits = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self)) & ~surplus
      }
    } else if text.count <= 16 {
      bits = start.loadUnaligned(as: UInt64.self) | (start + text.count - 8).loadUnaligned(as: UInt64.self)
    }
    return bits & 0x8080_8080_8080_8080 == 0 || Self.isUTF8AtLength(text)
  }

  @inline(never)
  private static func isUTF8AtLength(_ text: UnsafeRawBufferPointer) -> Bool { UTF8Validation.isValid(text) }

  // MARK: - Numbers

  private mutating func take(
    _ number: UInt64, _ entry: UnsafePointer<RequestLayout.Entry>, _ values: inout FieldValues
  ) -> Bool {
    let integer = Int64(bitPattern: number)
    switch entry.pointee.meaning {
    case .occurredAt:
      time = integer
      return integer >= 1 && integer <= latestAllowed
    case .startedAt:
      values.setInteger(integer, for: entry.pointee.field)
      return integer >= 0 && integer <= ActivityCheck.latestTime
    case .minorUnits:
      let units = Int64(bitPattern: ZigZag.decode(number))
      values.setInteger(units, for: entry.pointee.field)
      return units.magnitude <= UInt64(ActivityCheck.maxMinorUnits)
    case .choice: values.setChoice(Int64(Int32(truncatingIfNeeded: number)), for: entry.pointee.field)
    case .boolean: values.setBoolean(number != 0, for: entry.pointee.field)
    case .latitude: return take(Double(bitPattern: number), upTo: 90, entry.pointee.field, &values)
    case .longitude: return take(Double(bitPattern: number), upTo: 180, entry.pointee.field, &values)
    case .mode:
      mode = Int32(truncatingIfNeeded: number)
      return EvaluationRequest.knows(EvaluateRequest.Mode(rawValue: mode))
    case .durability: durability = Int32(truncatingIfNeeded: number)
    default: return false
    }
    return true
  }

  private mutating func take(_ degrees: Double, upTo limit: Double, _ field: Field, _ values: inout FieldValues) -> Bool
  {
    values.setDecimal(degrees, for: field)
    return degrees.magnitude <= limit
  }

  // MARK: - The wire format

  /// Reads a tag and what stands behind it: a number or its bits, or the length of what follows. Nil if that is not all
  /// there, or in another form than the usual one.
  @inline(__always)
  private mutating func readTag(_ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> (
    tag: UInt, operand: UInt64
  )? {
    guard end - next >= 2 else { return nil }
    let (tag, operand) = (next.load(as: UInt8.self), next.load(fromByteOffset: 1, as: UInt8.self))
    // Neither byte goes on in the next one, and the tag's wire type is 0 (varint) or 2 (length-delimited).
    if tag & 0x85 | operand & 0x80 == 0 {
      next += 2
      return (UInt(tag), UInt64(operand))
    }
    guard let (tag, operand, count) = readLongTag(next, end) else { return nil }
    next += count
    return (tag, operand)
  }

  private mutating func readLongTag(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> (tag: UInt, operand: UInt64, count: Int)? {
    var tag = UInt(start.load(as: UInt8.self))
    var next = start + 1
    if tag >= 0x80 {
      let second = UInt(next.load(as: UInt8.self))
      guard second < 0x80 else { return nil }
      tag = tag & 0x7F | second &<< 7
      next += 1
    }
    switch tag & 7 {
    case UInt(WireType.varint.rawValue), UInt(WireType.lengthDelimited.rawValue):
      guard let (operand, count) = readVarint(next, end) else { return nil }
      return (tag, operand, next - start + count)
    case UInt(WireType.fixed64.rawValue):
      guard end - next >= 8 else { return nil }
      return (tag, UInt64(littleEndian: next.loadUnaligned(as: UInt64.self)), next - start + 8)
    default: return nil
    }
  }

  @inline(__always)
  private mutating func readVarint(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> (value: UInt64, count: Int)? {
    guard start < end else { return nil }
    let first = start.load(as: UInt8.self)
    if first < 0x80 { return (UInt64(first), 1) }
    // Up to eight bytes are one load, whose surplus does not count.
    guard start <= lastWord else { return readVarintByBytes(start, end) }
    let word = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    let count = WireReader.varintLength(inWord: word)
    guard count <= min(8, end - start) else { return nil }
    return (WireReader.varint(inWord: word, length: count), count)
  }

  /// At the request's very end.
  private mutating func readVarintByBytes(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> (
    value: UInt64, count: Int
  )? {
    var value: UInt64 = 0
    for index in 0..<min(8, end - start) {
      let byte = start.load(fromByteOffset: index, as: UInt8.self)
      value |= UInt64(byte & 0x7F) &<< UInt64(7 * index)
      if byte < 0x80 { return (value, index + 1) }
    }
    return nil
  }
}

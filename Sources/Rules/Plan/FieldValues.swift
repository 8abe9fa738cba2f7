import Windows

/// What one activity says, as the engine found it in the request's bytes; and what judging it needs to remember on the
/// way. Allocated once and refilled for every call; nothing is copied, so the bytes of texts must stay where they are
/// until `decide` has returned.
///
///     values.removeAll()
///     values.setText(view.customerID, for: .customerID)
///     values.setInteger(view.amount.minorUnits, for: .amountMinorUnits)
@frozen
public struct FieldValues: ~Copyable {
  /// A text's place and length, or a number in `word`.
  @frozen
  @usableFromInline
  struct Slot: BitwiseCopyable {
    @usableFromInline var text: UnsafeRawPointer?
    @usableFromInline var word: Int64

    @inlinable
    init(text: UnsafeRawPointer?, word: Int64) {
      self.text = text
      self.word = word
    }
  }

  /// The contract's fields and the attributes of one rule set.
  public static let slotCount = 64

  /// Bit `i` is set when slot `i` has a value.
  @usableFromInline var present: UInt64 = 0
  @usableFromInline let slots: UnsafeMutablePointer<Slot>
  /// Which key parts were hashed for this activity, and their hashes; of values only `low` is meant.
  @usableFromInline var hashed: UInt64 = 0
  @usableFromInline let hashes: UnsafeMutablePointer<Hash128>
  /// The client's address, once it was read.
  @usableFromInline var address = AddressState.unread
  @usableFromInline var addressBits: UInt128 = 0
  /// By reading: 0, or what it is unknown for; see `Truth`.
  @usableFromInline let missingReadings: UnsafeMutablePointer<UInt16>
  /// Not all of them are 0.
  var hasMissingReadings = false
  /// Values and conditions under way.
  @usableFromInline let numbers: UnsafeMutablePointer<Int64>
  @usableFromInline let missingNumbers: UnsafeMutablePointer<UInt16>
  @usableFromInline let conditions: UnsafeMutablePointer<UInt16>
  let readingCapacity: Int
  /// The same for all activities that share windows.
  @usableFromInline let hasher: KeyHasher
  /// Of the zone that was asked for last.
  @usableFromInline var offset: ZoneOffset

  @frozen
  @usableFromInline
  enum AddressState: UInt8 {
    case unread, valid, invalid
  }

  /// Room for judging activities by `ruleSet`: make another one for another rule set.
  ///
  /// - Parameter hasher: makes the keys of the windows; keyed with a secret where strangers choose the fields.
  public init(for ruleSet: RuleSet, hasher: KeyHasher) {
    self.hasher = hasher
    readingCapacity = ruleSet.maxReadings
    offset = ZoneOffset(zone: -1, start: 0, end: 0, milliseconds: 0)
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(repeating: Slot(text: nil, word: 0), count: Self.slotCount)
    hashes = .allocate(capacity: Limits.maxKeyParts)
    hashes.initialize(repeating: Hash128(high: 0, low: 0), count: Limits.maxKeyParts)
    missingReadings = .allocate(capacity: max(1, readingCapacity))
    missingReadings.initialize(repeating: 0, count: max(1, readingCapacity))
    numbers = .allocate(capacity: Limits.maxStackDepth)
    numbers.initialize(repeating: 0, count: Limits.maxStackDepth)
    missingNumbers = .allocate(capacity: Limits.maxStackDepth)
    missingNumbers.initialize(repeating: 0, count: Limits.maxStackDepth)
    conditions = .allocate(capacity: Limits.maxStackDepth)
    conditions.initialize(repeating: 0, count: Limits.maxStackDepth)
  }

  deinit {
    slots.deallocate()
    hashes.deallocate()
    missingReadings.deallocate()
    numbers.deallocate()
    missingNumbers.deallocate()
    conditions.deallocate()
  }

  // MARK: - Filling

  /// Forgets the activity before.
  @inlinable
  public mutating func removeAll() {
    present = 0
    hashed = 0
    address = .unread
  }

  /// Texts and the client's address, as UTF-8. An empty text is a missing one, as in the contract.
  @inlinable
  @inline(__always)
  public mutating func setText(_ bytes: UnsafeRawBufferPointer, for field: Field) {
    set(Slot(text: bytes.baseAddress, word: Int64(bytes.count)), isPresent: !bytes.isEmpty, at: field.rawValue)
  }

  /// Whole numbers, and times in Unix milliseconds.
  @inlinable
  @inline(__always)
  public mutating func setInteger(_ value: Int64, for field: Field) {
    set(Slot(text: nil, word: value), isPresent: true, at: field.rawValue)
  }

  /// The number of an enumerated field; 0 means that it was not said.
  @inlinable
  public mutating func setChoice(_ value: Int64, for field: Field) {
    set(Slot(text: nil, word: value), isPresent: value != 0, at: field.rawValue)
  }

  @inlinable
  public mutating func setBoolean(_ value: Bool, for field: Field) {
    set(Slot(text: nil, word: value ? 1 : 0), isPresent: true, at: field.rawValue)
  }

  /// Degrees; kept in millionths. What is no number, or beyond ±10¹², is missing.
  @inlinable
  public mutating func setDecimal(_ value: Double, for field: Field) {
    let isFinite = value.magnitude <= 1e12
    set(Slot(text: nil, word: isFinite ? Int64((value * 1e6).rounded()) : 0), isPresent: isFinite, at: field.rawValue)
  }

  /// The value of the attribute that is number `index` of `RuleSet.attributeNames`; empty is missing.
  @inlinable
  public mutating func setAttribute(_ bytes: UnsafeRawBufferPointer, at index: Int) {
    set(Slot(text: bytes.baseAddress, word: Int64(bytes.count)), isPresent: !bytes.isEmpty, at: Field.count + index)
  }

  @inlinable
  @inline(__always)
  mutating func set(_ slot: Slot, isPresent: Bool, at index: Int) {
    precondition(index >= 0 && index < 64)
    slots[index] = slot
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: index)
    if isPresent { present |= bit } else { present &= ~bit }
  }

  // MARK: - Reading

  @inline(__always)
  func has(_ slot: Int) -> Bool { present &>> UInt64(truncatingIfNeeded: slot) & 1 != 0 }

  @inline(__always)
  func text(_ slot: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: slots[slot].text, count: Int(slots[slot].word))
  }
}

/// A stack of what has been read: for every message that is open, a place for each of its schema's fields and, above
/// them, the occurrences of fields all of whose occurrences count. Lent memory first, else its own.
struct DecodedFields: ~Copyable {
  private var memory: UnsafeMutableBufferPointer<DecodedField>
  private var isOwner = false

  /// How many places are in use. Place 0 is never given out, so that 0 can mean none.
  private(set) var count = 1

  /// Starts in `scratch`, which must outlive this and not be empty.
  init(scratch: UnsafeMutableBufferPointer<DecodedField>) {
    memory = scratch
  }

  deinit {
    if isOwner { memory.deallocate() }
  }

  subscript(place: Int) -> DecodedField {
    get { memory[place] }
    set { memory[place] = newValue }
  }

  /// Opens places for a message of `fieldCount` fields, none present, and gives the first's.
  mutating func open(_ fieldCount: Int) -> Int {
    let first = count
    reserve(fieldCount)
    count += fieldCount
    memory[first..<count].initialize(repeating: DecodedField())
    return first
  }

  /// Closes the messages and drops the occurrences that stand from `place` on.
  mutating func close(_ place: Int) {
    count = place
  }

  /// Adds an occurrence to the field at `place`.
  mutating func append(bits: UInt64, _ type: WireType, to place: Int) {
    reserve(1)
    let new = Int32(truncatingIfNeeded: count)
    let last = Int(memory[place].last)
    memory.initializeElement(at: count, to: DecodedField(bits: bits, next: 0, last: Int32(type.rawValue)))
    if last == 0 { memory[place].next = new } else { memory[last].next = new }
    memory[place].last = new
    count += 1
  }

  private mutating func reserve(_ size: Int) {
    guard memory.count - count < size else { return }
    let larger = UnsafeMutableBufferPointer<DecodedField>.allocate(capacity: (count + size) * 2)
    _ = larger.initialize(fromContentsOf: memory[..<count])
    if isOwner { memory.deallocate() }
    memory = larger
    isOwner = true
  }
}

extension Checker {
  /// `customer is locked`: something is left of the lock.
  mutating func customerIsLocked(_ span: SourceSpan) -> Condition? {
    customerLock(span).map { .comparison(.greater, .lockRemaining($0), .constant(0)) }
  }

  /// What an explanation shows of a lock.
  mutating func lockOperands(_ span: SourceSpan) -> [Operand] {
    guard let reading = customerLock(span) else { return [] }
    let values: [(String, Quantity)] = [
      ("locked since", .lockedSince(reading)), ("locked until", .lockedUntil(reading)),
    ]
    return values.map { Operand(expression: Expression(kind: .name($0), span: span), content: .number($1, .time)) }
  }

  private mutating func customerLock(_ span: SourceSpan) -> Reading? {
    guard !isInFilter else {
      reportCounterInFilter(span)
      return nil
    }
    guard let slot = attribute(CustomerLock.lengthAttribute, span) else { return nil }
    return Reading(counter: lockCounter(slot, span), window: CustomerLock.maxMilliseconds)
  }

  /// The counter that no file declares. Attempts to lock or unlock that failed have changed nothing.
  private mutating func lockCounter(_ slot: Int, _ span: SourceSpan) -> Int {
    let (lock, unlock) = (CustomerLock.lockKind, CustomerLock.unlockKind)
    let definition =
      "last \(CustomerLock.lengthAttribute) of \(lock), \(unlock) "
      + "where was_successful is missing or was_successful by customer_id"
    if let index = checked.counters.firstIndex(where: { $0.definition == definition }) { return index }
    let outcome = Field.wasSuccessful.rawValue
    checked.counters.append(
      CheckedCounter(
        name: CustomerLock.counterName, span: span, aggregate: .last, type: .duration,
        value: KeyPart(slot: slot, derivation: .lockLength), kinds: [lock, unlock],
        filter: .any([.not(.known(slot: outcome)), .flag(slot: outcome)]),
        groups: [KeyPart(slot: Field.customerID.rawValue, derivation: .text)], definition: definition))
    return checked.counters.count - 1
  }
}

import Windows

extension RuleSet {
  /// The kind's index for `plan` and `decide`, or −1 when nothing wants such activities.
  public func selectKind(entity: UnsafeRawBufferPointer, action: UnsafeRawBufferPointer) -> Int32 {
    kindTable.find(entity: entity, action: action)
  }

  /// Writes what to do with which windows into `operations`, room for `maxOperations`, and says how many they are. They
  /// are to be done in their order: a counter that looks back (`last`, `time since`) is read first and counted then.
  ///
  /// Keys are hashes of the group's fields alone, so that counters of one group meet in one shard: each counter needs a
  /// window table of its own.
  ///
  /// A counter whose group has a missing field gets no operation, nor does one that counts this activity but lacks the
  /// value to be counted; what its readings would have been is then unknown to `decide`. Each field is hashed at most once.
  public func plan(
    kind: Int32, fields: inout FieldValues, time: Int64, hasher: KeyHasher,
    into operations: UnsafeMutablePointer<WindowOperation>
  ) -> Int {
    precondition(kind >= 0 && kind < kindPlans.count && fields.readingCapacity == maxReadings)
    let kindPlan = kindPlans[Int(kind)]
    var count = 0
    for index in Int(kindPlan.firstOperation)..<Int(kindPlan.firstOperation &+ kindPlan.operationCount) {
      let plan = operationPlans[index]
      var operation = WindowOperation(
        key: Hash128(high: 0, low: 0), value: 0, counter: plan.counter, firstReading: plan.firstReading,
        readingCount: plan.readingCount, contributes: false)
      let missing = fill(&operation, plan, &fields, time, hasher)
      for reading in Int(plan.firstReading)..<Int(plan.firstReading &+ plan.readingCount) {
        fields.missingReadings[reading] = missing
      }
      if missing != 0 || (operation.readingCount == 0 && !operation.contributes) { continue }
      if plan.looksBack, operation.contributes, operation.readingCount > 0 {
        operation.contributes = false
        (operations + count).initialize(to: operation)
        count &+= 1
        (operation.readingCount, operation.contributes) = (0, true)
      }
      (operations + count).initialize(to: operation)
      count &+= 1
    }
    for index in Int(kindPlan.firstHashed)..<Int(kindPlan.firstHashed &+ kindPlan.hashedCount) {
      _ = hash(Int(hashedParts[index]), &fields, hasher)
    }
    return count
  }

  /// Completes an operation; returns 0, or what is missing.
  @inline(__always)
  private func fill(
    _ operation: inout WindowOperation, _ plan: OperationPlan, _ fields: inout FieldValues, _ time: Int64,
    _ hasher: KeyHasher
  ) -> UInt16 {
    var key = Hash128(high: 0, low: 0)
    for position in 0..<Int(plan.groupCount) {
      let part = Int(groupParts[Int(plan.firstGroup) &+ position])
      let missing = hash(part, &fields, hasher)
      if missing != 0 { return missing }
      key = position == 0 ? fields.hashes[part] : key.combined(with: fields.hashes[part])
    }
    operation.key = key
    guard plan.isFed else { return 0 }
    if plan.filterCount > 0, run(plan.filterStart, plan.filterCount, &fields, noReadings, time) != Truth.yes {
      return 0
    }
    let missing = takeValue(&operation, plan, &fields, hasher)
    operation.contributes = missing == 0
    return plan.looksBack ? 0 : missing
  }

  /// Finds what is to be counted; returns 0, or what is missing.
  @inline(__always)
  private func takeValue(
    _ operation: inout WindowOperation, _ plan: OperationPlan, _ fields: inout FieldValues, _ hasher: KeyHasher
  ) -> UInt16 {
    switch plan.content {
    case .nothing: return 0
    case .number:
      let slot = parts[Int(plan.value)].slot
      operation.value = fields.slots[Int(slot)].word
      return fields.missing(slot)
    case .hash:
      let missing = hash(Int(plan.value), &fields, hasher)
      operation.value = Int64(bitPattern: fields.hashes[Int(plan.value)].low)
      return missing
    case .place:
      let slot = parts[Int(plan.value)].slot
      operation.value = fields.place(slot)
      return fields.missingPlace(slot)
    }
  }

  /// Hashes a part unless it was; returns 0, or what is missing.
  @inline(__always)
  private func hash(_ index: Int, _ fields: inout FieldValues, _ hasher: KeyHasher) -> UInt16 {
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: index)
    if fields.hashed & bit != 0 { return 0 }
    let part = parts[index]
    let slot = Int(part.slot)
    let missing = Truth.missing(slot: part.slot)
    guard fields.has(slot) else { return missing }
    switch part.derivation {
    case .text: fields.hashes[index] = hasher.hash(fields.text(slot))
    case .domain:
      let domain = fields.text(slot).afterLastAt
      if domain.isEmpty { return missing }
      fields.hashes[index] = hasher.hash(domain)
    case .number:
      fields.hashes[index] = withUnsafeBytes(of: fields.slots[slot].word.littleEndian) { hasher.hash($0) }
    case .address, .prefix:
      guard fields.readAddress() else { return missing }
      var address = IPAddress(bits: fields.addressBits)
      if part.derivation == .prefix {
        address = address.prefix(ipv4: Int(part.ipv4Bits), ipv6: Int(part.ipv6Bits))
      }
      fields.hashes[index] = withUnsafeBytes(of: address.bits.littleEndian) { hasher.hash($0) }
    }
    fields.hashed |= bit
    return 0
  }
}

extension FieldValues {
  /// Reads the client's address, once; false when it is missing or none.
  @inline(__always)
  mutating func readAddress() -> Bool {
    if address == .unread {
      let slot = Field.clientIP.rawValue
      if has(slot), let parsed = IPAddress(text(slot)) {
        addressBits = parsed.bits
        address = .valid
      } else {
        address = .invalid
      }
    }
    return address == .valid
  }
}

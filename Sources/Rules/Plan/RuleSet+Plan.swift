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
    let kindPlan = kindPlans.pointer + Int(kind)
    var plan = operationPlans.pointer + Int(kindPlan.pointee.firstOperation)
    let end = plan + Int(kindPlan.pointee.operationCount)
    var count = 0
    while plan < end {
      count &+= write(plan, &fields, time, hasher, to: operations + count)
      plan += 1
    }
    var part = hashedParts.pointer + Int(kindPlan.pointee.firstHashed)
    let lastPart = part + Int(kindPlan.pointee.hashedCount)
    while part < lastPart {
      _ = hash(Int(part.pointee), &fields, hasher)
      part += 1
    }
    return count
  }

  /// Writes what one counter needs; returns how many operations that takes.
  @inline(__always)
  private func write(
    _ plan: UnsafePointer<OperationPlan>, _ fields: inout FieldValues, _ time: Int64, _ hasher: KeyHasher,
    to place: UnsafeMutablePointer<WindowOperation>
  ) -> Int {
    var key = Hash128(high: 0, low: 0)
    var value: Int64 = 0
    var contributes = false
    var missing = takeKey(&key, plan, &fields, hasher)
    if missing == 0, plan.pointee.isFed, passes(plan, &fields, time) {
      let missingValue = takeValue(&value, plan, &fields, hasher)
      contributes = missingValue == 0
      if !plan.pointee.looksBack { missing = missingValue }
    }
    let (first, readingCount) = (plan.pointee.firstReading, plan.pointee.readingCount)
    fields.setMissing(missing, first: Int(first), count: Int(readingCount))
    if missing != 0 || (readingCount == 0 && !contributes) { return 0 }
    var operation = WindowOperation(
      key: key, value: value, counter: plan.pointee.counter, firstReading: first, readingCount: readingCount,
      contributes: contributes)
    guard plan.pointee.looksBack, contributes, readingCount > 0 else {
      place.initialize(to: operation)
      return 1
    }
    operation.contributes = false
    place.initialize(to: operation)
    (operation.readingCount, operation.contributes) = (0, true)
    (place + 1).initialize(to: operation)
    return 2
  }

  /// Finds the group's key; returns 0, or what is missing.
  @inline(__always)
  private func takeKey(
    _ key: inout Hash128, _ plan: UnsafePointer<OperationPlan>, _ fields: inout FieldValues, _ hasher: KeyHasher
  ) -> UInt16 {
    let count = Int(plan.pointee.groupCount)
    if count == 0 { return 0 }
    let group = groupParts.pointer + Int(plan.pointee.firstGroup)
    let missing = hash(Int(group[0]), &fields, hasher)
    if missing != 0 { return missing }
    key = fields.hashes[Int(group[0])]
    var position = 1
    while position < count {
      let missing = hash(Int(group[position]), &fields, hasher)
      if missing != 0 { return missing }
      key = key.combined(with: fields.hashes[Int(group[position])])
      position &+= 1
    }
    return 0
  }

  @inline(__always)
  private func passes(_ plan: UnsafePointer<OperationPlan>, _ fields: inout FieldValues, _ time: Int64) -> Bool {
    let count = plan.pointee.filterCount
    return count == 0 || run(plan.pointee.filterStart, count, &fields, noReadings, time) == Truth.yes
  }

  /// Finds what is to be counted; returns 0, or what is missing.
  @inline(__always)
  private func takeValue(
    _ value: inout Int64, _ plan: UnsafePointer<OperationPlan>, _ fields: inout FieldValues, _ hasher: KeyHasher
  ) -> UInt16 {
    switch plan.pointee.content {
    case .nothing: return 0
    case .number:
      let slot = parts[Int(plan.pointee.value)].slot
      value = fields.slots[Int(slot)].word
      return fields.missing(slot)
    case .hash:
      let part = Int(plan.pointee.value)
      let missing = hash(part, &fields, hasher)
      value = Int64(bitPattern: fields.hashes[part].low)
      return missing
    case .place:
      let slot = parts[Int(plan.pointee.value)].slot
      value = fields.place(slot)
      return fields.missingPlace(slot)
    }
  }

  /// Hashes a part unless it was; returns 0, or what is missing.
  @inline(__always)
  private func hash(_ index: Int, _ fields: inout FieldValues, _ hasher: KeyHasher) -> UInt16 {
    fields.hashed &>> UInt64(truncatingIfNeeded: index) & 1 != 0 ? 0 : hashAnew(index, &fields, hasher)
  }

  /// Apart from the loop over the counters, which keeps its registers so.
  @inline(never)
  private func hashAnew(_ index: Int, _ fields: inout FieldValues, _ hasher: KeyHasher) -> UInt16 {
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
    fields.hashed |= 1 &<< UInt64(truncatingIfNeeded: index)
    return 0
  }
}

extension FieldValues {
  /// Notes for `count` readings what they are unknown for, 0 for nothing.
  @inline(__always)
  func setMissing(_ missing: UInt16, first: Int, count: Int) {
    var reading = first
    while reading < first &+ count {
      missingReadings[reading] = missing
      reading &+= 1
    }
  }

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

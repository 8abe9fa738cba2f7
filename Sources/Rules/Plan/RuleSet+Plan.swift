import Windows

extension RuleSet {
  /// The kind's index for `plan` and `decide`, or −1 when nothing wants such activities.
  public func selectKind(entity: UnsafeRawBufferPointer, action: UnsafeRawBufferPointer) -> Int32 {
    kindTable.find(entity: entity, action: action)
  }

  /// Appends what to do with which windows to the queues of the counters in the shards. The operations of one queue are
  /// to be done in their order: a counter that looks back (`last`, `time since`) is read first and counted then.
  ///
  /// Keys are hashes of the group's fields alone, so that counters of one group meet in one shard: each counter needs a
  /// window table of its own. Each field is hashed at most once, each group's key found once.
  ///
  /// A counter whose group has a missing field gets no operation, nor does one that counts this activity but lacks the
  /// value to be counted; what its readings would have been is then unknown to `decide`.
  ///
  /// - Parameters:
  ///   - number: the activity's in the batch, each used once: where its readings are.
  ///   - contribution: to the counters that count it.
  public func plan(
    kind: Int32, fields: inout FieldValues, time: Int64, number: Int = 0, contribution: WindowContribution,
    into queues: borrowing OperationQueues
  ) {
    precondition(kind >= 0 && kind < kindPlans.count && fields.readingCapacity == maxReadings)
    precondition(number >= 0 && number < queues.maxActivities && queues.counters == counterCount)
    fields.forgetMissingReadings()
    let kindPlan = kindPlans.pointer + Int(kind)
    hashParts(kindPlan, &fields)
    let firstReading = Int32(truncatingIfNeeded: number &* maxReadings)
    var operation = WindowOperation(
      key: Hash128(high: 0, low: 0), time: time, readingCount: 0, contribution: contribution)
    var group = groupPlans.pointer + Int(kindPlan.pointee.firstGroup)
    let end = group + Int(kindPlan.pointee.groupCount)
    while group < end {
      var plan = operationPlans.pointer + Int(group.pointee.firstOperation)
      let lastPlan = plan + Int(group.pointee.operationCount)
      if group.pointee.parts & ~fields.hashed == 0 {
        operation.key = key(group, fields)
        let ends = queues.ends + operation.key.shard(of: queues.shards) &* queues.counters
        while plan < lastPlan {
          operation.readingCount = plan.pointee.readingCount
          operation.firstSpan = plan.pointee.firstReading
          operation.firstReading = firstReading &+ plan.pointee.firstReading
          let end = ends + Int(plan.pointee.counter)
          if plan.pointee.isPlain && fields.hashed & plan.pointee.valuePart == plan.pointee.valuePart {
            operation.value = Int64(bitPattern: fields.hashes[Int(plan.pointee.value)].low)
            end.pointee.initialize(to: operation)
            end.pointee += 1
          } else {
            append(operation, by: plan, &fields, to: end)
          }
          plan += 1
        }
      } else {
        fields.setMissing(missingPart(group, fields), UnsafeBufferPointer(start: plan, count: lastPlan - plan))
      }
      group += 1
    }
  }

  /// Hashes what the kind needs: the parts of all keys, and values that are counted without a filter.
  @inline(__always)
  private func hashParts(_ kindPlan: UnsafePointer<KindPlan>, _ fields: inout FieldValues) {
    var part = hashedParts.pointer + Int(kindPlan.pointee.firstHashed)
    let end = part + Int(kindPlan.pointee.hashedCount)
    while part < end {
      hash(Int(part.pointee), &fields)
      part += 1
    }
  }

  /// The group's key; its parts are hashed.
  @inline(__always)
  private func key(_ group: UnsafePointer<GroupPlan>, _ fields: borrowing FieldValues) -> Hash128 {
    let count = Int(group.pointee.partCount)
    if count == 0 { return Hash128(high: 0, low: 0) }
    let parts = groupParts.pointer + Int(group.pointee.firstPart)
    var key = fields.hashes[Int(parts[0])]
    var position = 1
    while position < count {
      key = key.combined(with: fields.hashes[Int(parts[position])])
      position &+= 1
    }
    return key
  }

  /// For want of which field a group has no key.
  private func missingPart(_ group: UnsafePointer<GroupPlan>, _ fields: borrowing FieldValues) -> UInt16 {
    let first = Int(group.pointee.firstPart)
    let missing = (first..<first + Int(group.pointee.partCount)).first { fields.hashed >> groupParts[$0] & 1 == 0 }
    return Truth.missing(slot: parts[Int(groupParts[missing ?? first])].slot)
  }

  /// Whatever is not plain: a counter with a filter, one that only reads, one that looks back, one that lacks its value.
  @inline(never)
  private func append(
    _ operation: WindowOperation, by plan: UnsafePointer<OperationPlan>, _ fields: inout FieldValues,
    to end: UnsafeMutablePointer<UnsafeMutablePointer<WindowOperation>>
  ) {
    var operation = operation
    if take(plan, &operation, &fields) { write(operation, plan, to: end) }
  }

  /// Finds what is to be counted, and whether it is; false when there is nothing to do.
  @inline(__always)
  private func take(
    _ plan: UnsafePointer<OperationPlan>, _ operation: inout WindowOperation, _ fields: inout FieldValues
  ) -> Bool {
    let lacks = plan.pointee.requiredFields & ~fields.present
    guard plan.pointee.isFed, lacks == 0, plan.pointee.filterCount == 0 || passes(plan, &fields, operation.time) else {
      operation.contribution = .none
      return operation.readingCount > 0
    }
    let missing = takeValue(&operation.value, plan, &fields)
    if missing != 0 {
      operation.contribution = .none
      guard plan.pointee.looksBack else {
        fields.setMissing(missing, UnsafeBufferPointer(start: plan, count: 1))
        return false
      }
    }
    return operation.contribution != .none || operation.readingCount > 0
  }

  /// Appends an operation; one that looks back as two, the reading first.
  @inline(__always)
  private func write(
    _ operation: WindowOperation, _ plan: UnsafePointer<OperationPlan>,
    to end: UnsafeMutablePointer<UnsafeMutablePointer<WindowOperation>>
  ) {
    let next = end.pointee
    next.initialize(to: operation)
    end.pointee = next + 1
    guard plan.pointee.looksBack else { return }
    guard operation.contribution != .none, operation.readingCount > 0 else { return }
    next.pointee.contribution = .none
    (next + 1).initialize(to: operation)
    (next + 1).pointee.readingCount = 0
    end.pointee = next + 2
  }

  @inline(never)
  private func passes(_ plan: UnsafePointer<OperationPlan>, _ fields: inout FieldValues, _ time: Int64) -> Bool {
    run(plan.pointee.filterStart, plan.pointee.filterCount, &fields, noReadings, time) == Truth.yes
  }

  /// Finds what is to be counted; returns 0, or what is missing.
  @inline(__always)
  private func takeValue(
    _ value: inout Int64, _ plan: UnsafePointer<OperationPlan>, _ fields: inout FieldValues
  ) -> UInt16 {
    let place = plan.pointee.value
    switch plan.pointee.content {
    case .nothing: return 0
    case .fingerprint:
      let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: place)
      if plan.pointee.filterCount > 0 && fields.hashed & bit == 0 { hash(Int(place), &fields) }
      value = Int64(bitPattern: fields.hashes[Int(place)].low)
      return fields.hashed & bit != 0 ? 0 : Truth.missing(slot: parts[Int(place)].slot)
    case .number:
      value = fields.slots[Int(place)].word
      return fields.missing(UInt8(truncatingIfNeeded: place))
    case .place:
      value = fields.place(UInt8(truncatingIfNeeded: place))
      return fields.missingPlace(UInt8(truncatingIfNeeded: place))
    case .lockLength:
      value = fields.has(Int(place)) ? CustomerLock.milliseconds(fields.text(Int(place))) : CustomerLock.maxMilliseconds
      return 0
    case .zero:
      value = 0
      return 0
    }
  }

  /// Hashes a part, if the activity has it.
  @inline(__always)
  private func hash(_ index: Int, _ fields: inout FieldValues) {
    let part = parts.pointer + index
    guard fields.has(Int(part.pointee.slot)) else { return }
    if part.pointee.derivation == .text {
      fields.hashes[index] = part.pointee.hash(fields.text(Int(part.pointee.slot)), fields.hasher)
    } else {
      guard let hash = hashDerived(part, &fields) else { return }
      fields.hashes[index] = hash
    }
    fields.hashed |= 1 &<< UInt64(truncatingIfNeeded: index)
  }

  /// Of what is not a field's own text; nil when the field has no such part.
  @inline(never)
  private func hashDerived(_ place: UnsafePointer<PartPlan>, _ fields: inout FieldValues) -> Hash128? {
    let part = place.pointee
    let slot = Int(part.slot)
    let hasher = fields.hasher
    switch part.derivation {
    case .text: return part.hash(fields.text(slot), hasher)
    case .domain:
      let domain = fields.text(slot).afterLastAt
      return domain.isEmpty ? nil : part.hash(domain, hasher)
    case .number: return withUnsafeBytes(of: fields.slots[slot].word.littleEndian) { part.hash($0, hasher) }
    case .address: return fields.readAddress() ? part.hash(IPAddress(bits: fields.addressBits), hasher) : nil
    case .prefix:
      guard fields.readAddress() else { return nil }
      let address = IPAddress(bits: fields.addressBits)
      return part.hash(address.prefix(ipv4: Int(part.ipv4Bits), ipv6: Int(part.ipv6Bits)), hasher)
    }
  }
}

extension PartPlan {
  /// As the part is used: the whole hash of a key; the fingerprint of a value, as `low`.
  @inline(__always)
  fileprivate func hash(_ bytes: UnsafeRawBufferPointer, _ hasher: KeyHasher) -> Hash128 {
    isKey ? hasher.hash(bytes) : Hash128(high: 0, low: hasher.fingerprint(bytes))
  }

  /// As with texts, a short address is its own fingerprint: an IPv4 address is a number of 32 bits.
  @inline(__always)
  fileprivate func hash(_ address: IPAddress, _ hasher: KeyHasher) -> Hash128 {
    if !isKey && address.isIPv4 {
      return Hash128(high: 0, low: UInt64(UInt32(truncatingIfNeeded: address.bits)))
    }
    return withUnsafeBytes(of: address.bits.littleEndian) { hash($0, hasher) }
  }
}

extension FieldValues {
  /// Notes what the readings of some counters are unknown for.
  mutating func setMissing(_ missing: UInt16, _ plans: UnsafeBufferPointer<OperationPlan>) {
    hasMissingReadings = true
    for plan in plans {
      let first = missingReadings + Int(plan.firstReading)
      first.update(repeating: missing, count: Int(plan.readingCount))
    }
  }

  /// Whatever is unknown is unknown for a reason of this activity.
  @inline(__always)
  mutating func forgetMissingReadings() {
    guard hasMissingReadings else { return }
    missingReadings.update(repeating: 0, count: readingCapacity)
    hasMissingReadings = false
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

extension Lowering {
  /// The number of a part that is a key, or a value to be told from others.
  mutating func part(_ part: KeyPart, isKey: Bool) -> Int32 {
    var plan = PartPlan(slot: UInt8(part.slot), derivation: .text, isKey: isKey)
    switch part.derivation {
    case .text: break
    case .number, .place, .lockLength: plan.derivation = .number
    case .address: plan.derivation = .address
    case .domain: plan.derivation = .domain
    case .prefix(let ipv4, let ipv6):
      (plan.derivation, plan.ipv4Bits, plan.ipv6Bits) = (.prefix, UInt8(ipv4), UInt8(ipv6))
    }
    if let index = parts.firstIndex(of: plan) { return Int32(index) }
    parts.append(plan)
    return Int32(parts.count - 1)
  }

  /// Where the steps of a message are.
  mutating func message(_ consequence: CheckedConsequence) -> Range<Int> {
    let start = messageSteps.count
    for part in consequence.message { messageSteps.append(step(part)) }
    return start..<messageSteps.count
  }

  private mutating func step(_ part: MessagePart) -> MessageStep {
    switch part {
    case .text(let text): return MessageStep(form: .constant, value: place(of: text))
    case .textField(let slot): return MessageStep(form: .text, slot: UInt8(slot))
    case .numberField(let slot, let type):
      return MessageStep(form: type == .money ? .money : .number, slot: UInt8(slot))
    case .reading(let reading, let type):
      let form: MessageStep.Form = type == .money ? .readMoney : type == .duration ? .readElapsed : .readNumber
      return MessageStep(form: form, reading: Int32(index(of: reading)))
    }
  }
}

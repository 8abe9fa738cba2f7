extension Condition {
  /// The fields, as bits of the presence mask, without which the condition cannot be true: as far as is easily said, for
  /// a filter need not be run then.
  var requiredFields: UInt64 {
    switch self {
    case .noted(let inner, _): inner.requiredFields
    case .all(let parts): parts.reduce(0) { $0 | $1.requiredFields }
    case .any(let parts): parts.reduce(.max) { $0 & $1.requiredFields }
    case .not(.noted(let inner, _)): Condition.not(inner).requiredFields
    case .not(let inner): inner.unknownWithout
    case .known(let slot): 1 << UInt64(slot)
    default: unknownWithout
    }
  }

  /// The fields for want of which a condition without parts is unknown, and so is its opposite.
  private var unknownWithout: UInt64 {
    switch self {
    case .flag(let slot), .comparison(_, .slot(let slot), .constant): 1 << UInt64(slot)
    case .text(let source, _), .textTest(_, let source, _), .textList(let source, _): 1 << UInt64(source.slot)
    case .sameText(let left, let right): 1 << UInt64(left.slot) | 1 << UInt64(right.slot)
    default: 0
    }
  }
}

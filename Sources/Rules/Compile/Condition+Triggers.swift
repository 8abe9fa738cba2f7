extension Condition {
  /// Counters of which one must have reached its bound, or be unknown, for the condition to be anything but false; nil
  /// where nothing of the kind can be said. Of `all` one part that is false decides, of `any` it takes every part.
  ///
  /// - Parameter isNeverEmpty: whether a counter whose group is known always has a number.
  func triggers(_ isNeverEmpty: (Reading) -> Bool) -> [Reading: Int64]? {
    switch self {
    case .noted(let inner, _): return inner.triggers(isNeverEmpty)
    case .all(let parts):
      return parts.compactMap { $0.triggers(isNeverEmpty) }.min { $0.count < $1.count }
    case .any(let parts):
      var gathered: [Reading: Int64] = [:]
      for part in parts {
        guard let more = part.triggers(isNeverEmpty) else { return nil }
        gathered.merge(more) { min($0, $1) }
      }
      return gathered
    case .comparison(.greater, .reading(let reading), .constant(let threshold)):
      return isNeverEmpty(reading) && threshold < .max ? [reading: threshold + 1] : nil
    case .comparison(.greaterOrEqual, .reading(let reading), .constant(let threshold)):
      return isNeverEmpty(reading) ? [reading: threshold] : nil
    default: return nil
    }
  }
}

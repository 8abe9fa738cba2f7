/// True, false, or unknown for want of a field (Kleene's logic; of two unknowns the first is told).
enum Verity: Equatable {
  case yes, no
  case unknown(String)

  init(_ holds: Bool) { self = holds ? .yes : .no }

  static func && (left: Verity, right: Verity) -> Verity {
    if left == .no || right == .no { return .no }
    return left == .yes ? right : left
  }

  static func || (left: Verity, right: Verity) -> Verity {
    if left == .yes || right == .yes { return .yes }
    return left == .no ? right : left
  }
}

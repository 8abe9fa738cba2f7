import Arguments
import Spelling

/// Which calls are made and how often, as whole weights: `evaluate=8,record=1,health=1`.
public struct CallMix: Sendable, Equatable {
  /// A larger weight is refused.
  public static let maximumWeight: UInt64 = 1_000_000

  public struct Share: Sendable, Equatable {
    public var kind: CallKind
    public var weight: UInt64
  }

  /// In the order of `CallKind`; every weight is above 0.
  public let shares: [Share]
  /// The sum of all weights.
  private let total: UInt64

  /// Only this call.
  public init(_ kind: CallKind) {
    shares = [Share(kind: kind, weight: 1)]
    total = 1
  }

  /// Reads `call=weight,…`.
  public init(_ text: String) throws(ValueError) {
    var weights: [CallKind: UInt64] = [:]
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let (kind, weight) = try Self.share(String(piece))
      guard weights.updateValue(weight, forKey: kind) == nil else {
        throw ValueError("names \(kind.rawValue) twice", advice: Self.advice)
      }
    }
    shares = CallKind.allCases.compactMap { kind in
      weights[kind].flatMap { $0 > 0 ? Share(kind: kind, weight: $0) : nil }
    }
    total = shares.reduce(0) { $0 + $1.weight }
    guard total > 0 else { throw ValueError("gives no call a weight above 0", advice: Self.advice) }
  }

  /// The index in `shares` of the next call.
  func nextIndex(using random: inout SplitMix64) -> Int {
    guard shares.count > 1 else { return 0 }
    var point = random.nextIndex(below: total)
    var index = 0
    while point >= shares[index].weight {
      point -= shares[index].weight
      index += 1
    }
    return index
  }

  private static let advice = "give calls with whole weights, as in evaluate=8,record=1,health=1"

  private static func share(_ piece: String) throws(ValueError) -> (CallKind, UInt64) {
    let sides = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let names = CallKind.allCases.map(\.rawValue)
    guard let name = sides.first, let kind = CallKind(rawValue: name) else {
      let guess = nearest(to: sides.first ?? "", among: names).map { "did you mean \($0)? " } ?? ""
      let advice = guess + "calls are \(names.joined(separator: ", "))"
      throw ValueError("names no call: '\(sides.first ?? "")'", advice: advice)
    }
    guard sides.count == 2, let weight = UInt64(sides[1]), weight <= maximumWeight else {
      throw ValueError("gives \(name) no whole weight up to \(maximumWeight)", advice: advice)
    }
    return (kind, weight)
  }
}

extension CallMix: CustomStringConvertible {
  public var description: String { shares.map { "\($0.kind.rawValue)=\($0.weight)" }.joined(separator: ",") }
}

extension ValueType<CallMix> {
  static var mix: ValueType {
    ValueType(
      placeholder: "SHARES", parse: { text throws(ValueError) in try CallMix(text) }, format: { $0.description })
  }
}

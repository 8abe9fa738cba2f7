/// Where the occurrences of a field begin in `DecodedFields`.
struct Occurrences {
  /// The first one's place, 0 when there is none.
  let first: Int

  /// Only the first is meant, not those that it leads to.
  let isSingle: Bool

  static let none = Occurrences(first: 0, isSingle: true)
}

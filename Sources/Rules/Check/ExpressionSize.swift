/// How large an expression is with its named conditions in place.
struct ExpressionSize: Hashable {
  var parts = 0
  /// Levels, counted from where the checking of the whole expression began.
  var depth = 0

  var isTooLarge: Bool { parts > Limits.maxExpressionPartsInPlace || depth > Limits.maxDepthInPlace }

  /// Counts one more part, at `level`.
  mutating func add(at level: Int) {
    parts += 1
    depth = max(depth, level)
  }

  /// Counts a definition that is put in place at `level`.
  mutating func add(_ definition: ExpressionSize, at level: Int) {
    parts += definition.parts
    depth = max(depth, level + definition.depth)
  }
}

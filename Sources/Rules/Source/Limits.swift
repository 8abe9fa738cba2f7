/// What a rules file may hold. Every bound keeps compilation and every call's cost bounded whatever the file says.
public enum Limits {
  /// Bytes of a rules file.
  public static let maxFileBytes = 1 << 20
  /// Errors reported of one file; the rest would not be read.
  public static let maxDiagnostics = 100
  /// Nested parentheses, `not`s and signs.
  public static let maxNesting = 64
  /// Parts of one expression as written.
  public static let maxExpressionNodes = 1_000
  /// Parts of one expression once its named conditions are put in place.
  public static let maxExpressionPartsInPlace = 4_096
  /// Parts of all expressions of a file once their named conditions are put in place.
  public static let maxPartsInPlace = 200_000
  /// Levels of one expression once its named conditions are put in place.
  public static let maxDepthInPlace = 160
  /// Values under way at once while a condition is judged.
  public static let maxStackDepth = 64
  /// Bytes of a name.
  public static let maxNameBytes = 64
  /// Bytes of a text literal.
  public static let maxTextBytes = 1_024
  /// Rules of a file.
  public static let maxRules = 1_024
  /// Counters of a file.
  public static let maxCounters = 256
  /// Different kinds of activity that a file names.
  public static let maxKinds = 256
  /// Kinds that one rule or counter names.
  public static let maxKindsPerClause = 32
  /// Lists of a file.
  public static let maxLists = 256
  /// Different lists that are written where they are used.
  public static let maxInlineLists = 1_024
  /// Different patterns of `contains` and `matches`: each takes 2 KiB.
  public static let maxPatterns = 512
  /// Different time zones of a file: each takes milliseconds to tabulate.
  public static let maxTimeZones = 32
  /// Elements of one list, inline or from a file.
  public static let maxListElements = 100_000
  /// Named conditions of a file.
  public static let maxDefinitions = 256
  /// Fields that one counter groups by.
  public static let maxGroupFields = 4
  /// Bytes of a decision in which everything fires that can fire together.
  public static let maxDecisionBytes = 1 << 20
  /// Actions of one rule.
  public static let maxActions = 4
  /// Tags of one rule.
  public static let maxTags = 16
  /// The highest score of one rule, either way.
  public static let maxScore: Int64 = 1_000_000
  /// Different (counter, window) pairs of a file.
  public static let maxReadings = 1_024
  /// Different grouped or counted values of a file: a field, or one derived from it.
  public static let maxKeyParts = 64
  /// Different attributes of a file: they share the presence mask with the contract's own fields.
  public static let maxAttributes = 64 - Field.count
  /// The shortest window.
  public static let minWindowMilliseconds: Int64 = 1_000
  /// The longest window: 400 days.
  public static let maxWindowMilliseconds: Int64 = 400 * 86_400_000
  /// The largest constant that a `count` or `distinct` is compared with: it sizes the window's memory.
  public static let maxCountThreshold: Int64 = 10_000
}

/// A text that is not a value of the type asked for.
public struct ValueError: Error, Sendable, Equatable {
  /// What is wrong, to be read after the text: `is not a duration`.
  public let problem: String
  /// What to give instead: `give a number and a unit: 250ms, 5s, 48h`.
  public let advice: String?

  public init(_ problem: String, advice: String? = nil) {
    self.problem = problem
    self.advice = advice
  }
}

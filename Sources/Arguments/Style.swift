/// How texts are dressed for a terminal; plain, it returns them as they are. Colour never carries meaning alone.
public struct Style: Sendable, Equatable {
  /// Whether escape sequences may be written.
  public let isDecorated: Bool

  /// No decoration: files, pipes, dumb terminals.
  public static let plain = Style(isDecorated: false)

  init(isDecorated: Bool) { self.isDecorated = isDecorated }

  /// Decorated only on a terminal that can show it and whose user did not refuse: `NO_COLOR` set to anything but
  /// nothing (https://no-color.org), or `TERM=dumb`.
  public init(isTerminal: Bool, environment: [String: String]) {
    let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    self.init(isDecorated: isTerminal && !refused)
  }

  public func bold(_ text: String) -> String { dressed(text, "1") }
  public func dim(_ text: String) -> String { dressed(text, "2") }
  public func red(_ text: String) -> String { dressed(text, "31") }
  public func green(_ text: String) -> String { dressed(text, "32") }
  public func yellow(_ text: String) -> String { dressed(text, "33") }

  /// ECMA-48's SGR sequence and the one that ends it.
  private func dressed(_ text: String, _ code: String) -> String {
    isDecorated ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Which methods a server has, and who answers them.
///
/// ```swift
/// var methods = MethodTable()
/// methods.addBatched(1)
/// methods.addUnary(16) { context, request in [] }
/// ```
public struct MethodTable: Sendable {
  enum Handler: Sendable {
    case unary(UnaryHandler)
    case stream(StreamHandler)
  }

  private(set) var handlers: [UInt16: Handler] = [:]
  private(set) var kinds: [UInt16: MethodKind] = [:]

  public init() {}

  /// The ids served, rising.
  public var methods: [UInt16] { kinds.keys.sorted() }

  /// Calls of `method` go to the server's `BatchHandler`.
  public mutating func addBatched(_ method: UInt16) {
    kinds[method] = .batched
    handlers[method] = nil
  }

  /// Calls of `method` run `handler` as a task each.
  public mutating func addUnary(_ method: UInt16, _ handler: @escaping UnaryHandler) {
    kinds[method] = .unary
    handlers[method] = .unary(handler)
  }

  /// Calls of `method` run `handler` as a task each.
  public mutating func addServerStream(_ method: UInt16, _ handler: @escaping StreamHandler) {
    kinds[method] = .serverStream
    handlers[method] = .stream(handler)
  }
}

extension FrameHeader {
  /// What is wrong with this header, whoever sent it; nil when it has the shape that `Protocol/wire.md` gives its kind.
  ///
  /// Lengths against a limit are judged by `Frame.split`, sides and order by the connection's machine.
  @inlinable
  public var violation: FrameError? {
    // The one frame that is sent by the million is judged by one comparison.
    if rawKind == FrameKind.request.rawValue && flags == 0 && call != 0 { return nil }
    return uncommonViolation
  }

  @usableFromInline
  var uncommonViolation: FrameError? {
    guard let kind else { return .unknownKind(rawKind) }
    if flags != 0 { return .undefinedFlags(kind, flags) }
    if kind != .request && method != 0 { return .wrongShape(kind, .methodMustBeZero) }
    switch kind {
    case .hello, .ping, .pong:
      if call != 0 { return .wrongShape(kind, .callMustBeZero) }
      if kind != .hello && payloadByteCount > Self.maxPingPayloadBytes {
        return .wrongShape(kind, .payloadMustBeShort)
      }
      if kind == .hello && value != 0 { return .wrongShape(kind, .valueMustBeZero) }
    case .request, .response, .item, .credit, .cancel:
      if call == 0 { return .wrongShape(kind, .callMustNotBeZero) }
      return callViolation(kind)
    case .goAway:
      if StatusCode(exactly: value) == nil { return .wrongShape(kind, .valueMustBeStatus) }
    }
    return nil
  }

  private func callViolation(_ kind: FrameKind) -> FrameError? {
    switch kind {
    case .response where StatusCode(exactly: value) == nil: .wrongShape(kind, .valueMustBeStatus)
    case .item where value != 0, .cancel where value != 0: .wrongShape(kind, .valueMustBeZero)
    case .credit where value == 0: .wrongShape(kind, .valueMustNotBeZero)
    case .credit where payloadByteCount != 0, .cancel where payloadByteCount != 0:
      .wrongShape(kind, .payloadMustBeEmpty)
    default: nil
    }
  }
}

extension StatusCode {
  /// The code that a header's value names, nil when there is none of that number.
  @inlinable
  public init?(exactly value: UInt32) {
    guard let raw = UInt8(exactly: value) else { return nil }
    self.init(rawValue: raw)
  }
}

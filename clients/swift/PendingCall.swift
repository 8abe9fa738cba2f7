/// A call under way, to be cancelled. Letting go of it cancels nothing.
public struct PendingCall: Sendable {
  private let call: Call?

  init(_ call: Call?) { self.call = call }

  /// Ends the call with CANCELLED and tells the server; does nothing once it is over.
  public func cancel() { call?.cancel() }
}

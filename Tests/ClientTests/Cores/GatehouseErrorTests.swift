import Testing
import Wire

@testable import GatehouseClient

@Suite struct GatehouseErrorTests {
  @Test("every code leads to one advice", arguments: StatusCode.allCases)
  func advice(code: StatusCode) {
    let expected: GatehouseError.Advice =
      switch code {
      case .ok, .cancelled: .nothing
      case .invalidArgument, .alreadyExists, .notFound, .outOfRange: .mendTheRequest
      case .failedPrecondition, .permissionDenied, .unauthenticated, .unimplemented: .mendTheSetup
      case .unavailable, .resourceExhausted, .aborted: .retry(after: .zero)
      case .deadlineExceeded: .outcomeUnknown
      case .unknown, .internal, .dataLoss: .report
      }
    #expect(GatehouseError(code, "").advice == expected)
  }

  @Test("push-back reaches the caller")
  func pushBack() {
    let later = GatehouseError(RPCError(.resourceExhausted, "", retry: .after(milliseconds: 250)))
    #expect(later.advice == .retry(after: .milliseconds(250)))
    #expect(later.pushBackNanoseconds == 250_000_000)
    #expect(GatehouseError(RPCError(.unavailable, "", retry: .never)).advice == .report)
  }

  @Test("its text has the code, the message, the fields, the sendings and the cause")
  func text() {
    let error = RPCError(
      .invalidArgument, "malformed", violations: [.init(field: "activity.entity", description: "is required")])
    let text = "\(GatehouseError(error, attempts: 2, cause: RPCError(.unavailable, "lost")))"
    #expect(
      text == "INVALID_ARGUMENT: malformed; activity.entity: is required (sent 2 times); caused by UNAVAILABLE: lost")
  }
}

import Arguments
import GatehouseClient
import Transport

extension CommandFailure {
  /// A call that did not succeed.
  init(_ error: GatehouseError, server: Endpoint) {
    switch error.code {
    case .unavailable, .deadlineExceeded, .resourceExhausted:
      let advice = "Is a server running at \(server)? See gatehouse health --server \(server)"
      self.init(error.description, advice: advice, exitCode: .unavailable)
    default:
      self.init(error.description)
    }
  }
}

import Foundation
import FoundationNetworking
import Journal
import Synchronization

/// Speaks C2SP tlog-witness to one witness: `POST <prefix>/add-checkpoint`.
///
/// Foundation's URLSession does it, because witnesses are reached by HTTPS: it brings TLS, certificates and proxies.
struct WitnessClient: Sendable {
  /// What a witness answers.
  enum Answer: Equatable, Sendable {
    /// 200: the lines of its cosignatures.
    case cosigned([UInt8])
    /// 409: the size of the newest checkpoint that it has cosigned.
    case knows(size: UInt64)
    /// Anything else: the status, and its first words.
    case refused(status: Int, String)
  }

  /// More than the longest note; what is longer is no answer.
  static let maximumAnswerBytes = SignedNote.maximumBytes

  let prefix: URL
  let timeout: Duration

  /// Sends a checkpoint.
  /// - Throws: `CommandFailure` when the witness cannot be reached or does not answer in time.
  func add(_ request: AddCheckpointRequest) async throws(CommandFailure) -> Answer {
    var post = URLRequest(url: prefix.appendingPathComponent("add-checkpoint"))
    post.httpMethod = "POST"
    post.httpBody = Data(request.encoded)
    post.timeoutInterval = Double(timeout.milliseconds) / 1_000
    let (status, body) = try await exchange(post)
    return Self.answer(status: status, body: body)
  }

  /// The meaning of a status and a body.
  static func answer(status: Int, body: [UInt8]) -> Answer {
    guard body.count <= maximumAnswerBytes else {
      return .refused(status: status, "an answer of over \(maximumAnswerBytes) bytes")
    }
    let text = String(decoding: body, as: UTF8.self)
    switch status {
    case 200: return .cosigned(body)
    case 409:
      let digits = text.trimmingCharacters(in: .newlines)
      if let size = UInt64(digits), String(size) == digits { return .knows(size: size) }
      fallthrough
    default: return .refused(status: status, String(text.prefix { !$0.isNewline }.prefix(200)))
    }
  }

  private func exchange(_ request: URLRequest) async throws(CommandFailure) -> (Int, [UInt8]) {
    let exchange = Exchange(limitBytes: Self.maximumAnswerBytes)
    let session = URLSession(configuration: .ephemeral, delegate: exchange, delegateQueue: nil)
    defer { session.finishTasksAndInvalidate() }
    let outcome = await withCheckedContinuation { continuation in
      exchange.begin(session.dataTask(with: request), continuation)
    }
    do {
      return try outcome.get()
    } catch {
      throw CommandFailure(
        "the witness \(prefix) does not answer: \(error.localizedDescription)", exitCode: .unavailable)
    }
  }
}

/// One request and its answer, up to a bound; a redirect is an answer, for what was posted is meant for this witness.
private final class Exchange: NSObject, URLSessionDataDelegate {
  typealias Outcome = Result<(Int, [UInt8]), any Error>

  private struct State {
    var continuation: CheckedContinuation<Outcome, Never>?
    var body: [UInt8] = []
  }

  private let state = Mutex(State())
  private let limitBytes: Int

  init(limitBytes: Int) { self.limitBytes = limitBytes }

  func begin(_ task: URLSessionDataTask, _ continuation: CheckedContinuation<Outcome, Never>) {
    state.withLock { $0.continuation = continuation }
    task.resume()
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLong = state.withLock { state in
      state.body += data.prefix(limitBytes + 1 - state.body.count)
      return state.body.count > limitBytes
    }
    if isTooLong { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let (continuation, body) = state.withLock { state in
      defer { state.continuation = nil }
      return (state.continuation, state.body)
    }
    // What was cut off for its length is an answer, if a bad one.
    if let error, body.count <= limitBytes {
      continuation?.resume(returning: .failure(error))
    } else {
      continuation?.resume(returning: .success(((task.response as? HTTPURLResponse)?.statusCode ?? 0, body)))
    }
  }
}

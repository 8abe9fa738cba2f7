import Arguments
import GatehouseProtocol
import ProtoJSON
import Spelling
import Wire

/// A file of activities to be replayed: JSON Lines (https://jsonlines.org), one call a line, in the order of time.
///
///     {"name": "Third failed login", "evaluate": {"activity": {…}}, "expect": {"outcome": "FRICTION"}}
///     {"name": "A ticket", "record": {"activity": {…}}}
///
/// `evaluate` holds an `EvaluateRequest`, `record` a `RecordActivityRequest`, both in proto3's JSON mapping; one of the
/// two is there. `name` and `expect` (an `ExpectedDecision`, only beside `evaluate`) may be absent. Texts in the request may
/// hold `Placeholders`. Blank lines are skipped.
struct ReplayFile: Sendable, Equatable {
  let steps: [ReplayStep]

  /// A line that cannot be replayed.
  struct LineError: Error, Equatable {
    /// From 1.
    let line: Int
    let message: String
    let advice: String?
  }

  init(_ text: String, placeholders: Placeholders) throws(LineError) {
    var steps: [ReplayStep] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let reader = LineReader(line: index + 1, placeholders: placeholders)
      steps.append(try reader.step(String(line)))
    }
    self.steps = steps
  }
}

/// Reads one line.
private struct LineReader {
  let line: Int
  let placeholders: Placeholders

  private static let names = ["name", "evaluate", "record", "expect"]
  private static let expectationNames = ["outcome", "fired", "messages", "not_evaluated", "shadow_fired"]

  func step(_ text: String) throws(ReplayFile.LineError) -> ReplayStep {
    let parts: [String: JSONValue]
    do {
      parts = try members(JSONValue(parsing: text), Self.names)
    } catch let error as JSONSyntaxError {
      throw failure("column \(error.column): \(error.message)")
    } catch {
      throw asLineError(error)
    }
    let name = try parts["name"].map { json throws(ReplayFile.LineError) in try self.text(json, "name") } ?? ""
    switch (parts["evaluate"], parts["record"]) {
    case (let request?, nil):
      let expectation = try parts["expect"].map { json throws(ReplayFile.LineError) in try self.expectation(json) }
      return ReplayStep(line: line, name: name, call: .evaluate(try message(request), expectation))
    case (nil, let request?):
      if parts["expect"] != nil { throw failure("expect stands beside record", "only evaluate gives a decision") }
      return ReplayStep(line: line, name: name, call: .record(try message(request)))
    default:
      throw failure("the line must hold either evaluate or record")
    }
  }

  private func message<Message: ProtobufMessage>(_ json: JSONValue) throws(ReplayFile.LineError) -> Message {
    do {
      return try Message(json: placeholders.resolve(json))
    } catch let unknown as Placeholders.Unknown {
      let advice = "use ${run}, ${now}, ${-90m} or ${-1d 14:05 America/New_York}"
      throw failure("the placeholder ${\(unknown.text)} means nothing", advice)
    } catch {
      throw asLineError(error)
    }
  }

  private func expectation(_ json: JSONValue) throws(ReplayFile.LineError) -> ExpectedDecision {
    let parts = try members(json, Self.expectationNames)
    var expectation = ExpectedDecision()
    if let outcome = parts["outcome"] {
      // A decision with nothing but the outcome: its name is read as the contract's mapping reads it.
      let decision: Decision = try message(.object([JSONValue.Member("outcome", outcome)]))
      expectation.outcome = decision.outcome
    }
    expectation.fired = try texts(parts, "fired")
    expectation.messages = try texts(parts, "messages")
    expectation.notEvaluated = try texts(parts, "not_evaluated")
    expectation.shadowFired = try texts(parts, "shadow_fired")
    return expectation
  }

  private func members(_ json: JSONValue, _ known: [String]) throws(ReplayFile.LineError) -> [String: JSONValue] {
    guard case .object(let members) = json else { throw failure("expected an object") }
    var result: [String: JSONValue] = [:]
    for member in members {
      guard known.contains(member.name) else {
        let advice = nearest(to: member.name, among: known).map { "Did you mean \($0)?" }
        throw failure("there is no member \(member.name)", advice ?? "there are \(known.joined(separator: ", "))")
      }
      result[member.name] = member.value
    }
    return result
  }

  private func texts(_ parts: [String: JSONValue], _ name: String) throws(ReplayFile.LineError) -> [String]? {
    guard let json = parts[name] else { return nil }
    guard case .array(let values) = json else { throw failure("\(name) must be a list of texts") }
    var texts: [String] = []
    for value in values { texts.append(try text(value, name)) }
    return texts
  }

  private func text(_ json: JSONValue, _ name: String) throws(ReplayFile.LineError) -> String {
    guard case .string(let text) = json else { throw failure("\(name) must be a text") }
    return text
  }

  private func failure(_ message: String, _ advice: String? = nil) -> ReplayFile.LineError {
    ReplayFile.LineError(line: line, message: message, advice: advice)
  }

  private func asLineError(_ error: any Error) -> ReplayFile.LineError {
    switch error {
    case let error as ReplayFile.LineError: error
    case let error as JSONMappingError: failure(error.description, error.advice)
    default: failure("\(error)")
    }
  }
}

import Dispatch
import GatehouseProtocol
import Rules
import Synchronization
import Transport
import Wire

/// `Rules`: reads the rules, and changes them, one change at a time.
final class RulesService: Sendable {
  static let maxAuthorBytes = 128
  static let maxCommentBytes = 1_024
  /// The text of a version and those of its list files together: an answer of 4 MiB, and an entry of the log, hold them
  /// with all else that is said of a version.
  static let maxTextBytes = 3 << 20

  private let rulebook: Rulebook
  /// Where changes are compiled, taken up and synced: they take up to seconds, which the threads that run tasks do not
  /// have.
  private let queue = DispatchQueue(label: "gatehouse.rules")

  init(_ rulebook: Rulebook) { self.rulebook = rulebook }

  /// Serves the methods that read and change rules.
  func add(to table: inout MethodTable) {
    table.add(RulesMethods.getRules) { request throws(RPCError) in try self.rules(request) }
    table.add(RulesMethods.listRuleVersions) { _ throws(RPCError) in try self.versions() }
    table.add(RulesMethods.applyRules) { request throws(RPCError) in
      try await self.inTurn { () throws(RPCError) in try self.apply(request) }
    }
    table.add(RulesMethods.rollbackRules) { request throws(RPCError) in
      try await self.inTurn { () throws(RPCError) in try self.rollBack(request) }
    }
  }

  func rules(_ request: GetRulesRequest) throws(RPCError) -> RuleSetVersion {
    let versions = try known()
    let wanted = request.version.isEmpty ? versions.inForce : versions.all.first { $0.version == request.version }
    guard let wanted else { throw Self.unknown(request.version) }
    let byteCount = RuleVersions.bytes(of: wanted)
    guard byteCount <= Self.maxTextBytes else {
      throw RPCError(
        .resourceExhausted,
        "the rules with their list files have \(byteCount) bytes, an answer at most \(Self.maxTextBytes): read the files",
        retry: .never)
    }
    return wanted
  }

  func versions() throws(RPCError) -> ListRuleVersionsResponse {
    ListRuleVersionsResponse(versions: try known().all.map(\.withoutTexts))
  }

  /// Compiles rules and puts them in force. The same text again changes nothing and is answered like the first time, so
  /// that it may be sent again.
  func apply(_ request: ApplyRulesRequest) throws(RPCError) -> RuleSetVersion {
    try check(request)
    _ = try known()
    do throws(GatehouseServerError) {
      let rules = try rulebook.compile("rules", text: request.text, listFiles: request.listFiles)
      let expected = request.expectedVersion.isEmpty ? nil : request.expectedVersion
      return try rulebook.put(rules, author: request.author, comment: request.comment, expecting: expected)
    } catch {
      throw RPCError(error, ofRefusedRules: .invalidArgument)
    }
  }

  /// Puts an earlier version in force again.
  func rollBack(_ request: RollbackRulesRequest) throws(RPCError) -> RuleSetVersion {
    var violations = FieldViolations()
    violations.checkSignature(request.author, request.comment)
    try violations.throwIfAny()
    let versions = try known()
    guard let inForce = versions.inForce, let target = versions.target(ofRollbackTo: request.version) else {
      throw Self.unknown(request.version)
    }
    do throws(GatehouseServerError) {
      let name = "rules \(target.version)"
      let rules = try rulebook.compile(name, text: target.text, listFiles: target.listFiles)
      // "The one before" is meant as the caller saw it: if rules change meanwhile, nothing is rolled back.
      let expected = request.version.isEmpty ? inForce.version : nil
      return try rulebook.put(rules, author: request.author, comment: request.comment, expecting: expected)
    } catch {
      throw RPCError(error, ofRefusedRules: .failedPrecondition)
    }
  }

  private static let givenUp = RPCError(
    .cancelled, "the caller stopped waiting before the change was begun: nothing has changed")

  private func known() throws(RPCError) -> RuleVersions {
    let versions = rulebook.versions
    guard versions.inForce != nil, rulebook.isOpen else { throw RPCError(.notOpen, ofRefusedRules: .invalidArgument) }
    return versions
  }

  private static func unknown(_ version: String) -> RPCError {
    let what = version.isEmpty ? "no other rules were in force before" : "there is no version \(version)"
    return RPCError(.notFound, "\(what); ListRuleVersions tells which there are", retry: .never)
  }

  private func check(_ request: ApplyRulesRequest) throws(RPCError) {
    var violations = FieldViolations()
    violations.checkSignature(request.author, request.comment)
    if request.text.isEmpty { violations.add("text", "is required; rules that do nothing are a comment") }
    let byteCount = request.listFiles.reduce(request.text.utf8.count) { $0 + $1.text.utf8.count }
    if byteCount > Self.maxTextBytes {
      violations.add("text", "has \(byteCount) bytes with its list files, at most \(Self.maxTextBytes)")
    }
    var names: Set<String> = []
    for (index, file) in request.listFiles.enumerated() {
      let field = "list_files[\(index)].name"
      if !RuleCompiler.isListFileName(file.name) {
        violations.add(field, "is not a plain name, without a path, of at most \(Limits.maxTextBytes) bytes")
      } else if !names.insert(file.name).inserted {
        violations.add(field, "stands there twice")
      }
    }
    try violations.throwIfAny()
  }

  /// Runs `work` behind all changes before it, unless the caller has stopped waiting by then.
  private func inTurn<Output: Sendable>(
    _ work: @escaping @Sendable () throws(RPCError) -> Output
  ) async throws(RPCError) -> Output {
    let isGivenUp = Flag()
    let result: Result<Output, RPCError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async {
          if isGivenUp.isSet {
            return continuation.resume(returning: .failure(Self.givenUp))
          }
          continuation.resume(returning: Result { () throws(RPCError) in try work() })
        }
      }
    } onCancel: {
      isGivenUp.set()
    }
    return try result.get()
  }
}

/// Goes up once.
private final class Flag: Sendable {
  private let state = Atomic(false)

  var isSet: Bool { state.load(ordering: .acquiring) }

  func set() { state.store(true, ordering: .releasing) }
}

extension RuleSetVersion {
  /// As it stands in lists of versions.
  fileprivate var withoutTexts: RuleSetVersion {
    var version = self
    (version.text, version.listFiles) = ("", [])
    return version
  }
}

extension RuleVersions {
  /// The version named; for an empty name the newest that is not the one in force.
  fileprivate func target(ofRollbackTo version: String) -> RuleSetVersion? {
    if version.isEmpty { return all.first { $0.version != inForce?.version } }
    return all.first { $0.version == version }
  }
}

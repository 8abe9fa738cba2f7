import Engine
import GatehouseProtocol
import Rules
import Synchronization
import Wire

/// The rules: which are in force, which were, and the one way from one to the next, which the log tells.
///
/// The newest change wins, be it of the rules file or by whoever applies rules otherwise: at a start and at a reload the
/// file is taken up if it is another than when it was last taken up; otherwise the newest version of the log stays.
final class Rulebook: Sendable {
  private struct State {
    var rules: CompiledRules
    var versions = RuleVersions()
    var isOpen = false
    /// Why the newest version of the log is not in force: it does not compile any longer.
    var failure: GatehouseServerError?
  }

  private struct Opening {
    let engine: Engine
    let events: ServerEvents?
  }

  private let file: CompiledRules
  private let state: Mutex<State>
  /// Held while rules change, so that there is one change at a time; nil before the server is open.
  private let opening = Mutex<Opening?>(nil)
  private let latenessMilliseconds: Int64
  private let now: @Sendable () -> Int64

  /// - Parameter file: the rules file as it is now.
  init(file: CompiledRules, latenessMilliseconds: Int64, now: @escaping @Sendable () -> Int64) {
    self.file = file
    state = Mutex(State(rules: file))
    self.latenessMilliseconds = latenessMilliseconds
    self.now = now
  }

  /// The rules in force, or to be in force once the server is open.
  var rules: CompiledRules { state.withLock { $0.rules } }

  /// Rules can change.
  var isOpen: Bool { state.withLock { $0.isOpen } }

  /// What was in force, newest first; empty before the server is open.
  var versions: RuleVersions { state.withLock { $0.versions } }

  /// Goes on where a snapshot ended: these rules are in force in its engine.
  func resume(_ rules: CompiledRules, _ versions: RuleVersions) {
    state.withLock { $0 = State(rules: rules, versions: versions) }
  }

  /// Runs `body` with the versions so far, while no rules come into force.
  func whileUnchanged<Result>(_ body: (RuleVersions) -> Result) -> Result {
    var result: Result?
    opening.withLock { _ in result = body(versions) }
    guard let result else { preconditionFailure("a lock runs what it is given") }
    return result
  }

  /// Takes up a version that the log tells of, while it is replayed. One that does not compile any longer is passed over:
  /// the ones before it and behind it count.
  func restore(_ version: RuleSetVersion, at index: UInt64, into engine: Engine) throws(GatehouseServerError) {
    var version = version
    version.logIndex = index
    let isInForce = version.version == rules.version
    do throws(GatehouseServerError) {
      if !isInForce { try adopt(try compile(version), engine, at: version.appliedAt) }
    } catch {
      guard case .rulesRefused = error else { throw error }
      return state.withLock { state in
        state.versions.add(version)
        state.failure = error
      }
    }
    state.withLock { state in
      state.versions.add(version)
      state.failure = nil
    }
  }

  /// From now on rules can change. The log has been replayed; its newest version is in force unless the file has changed.
  /// - Throws: `.rulesRefused` when neither can be.
  func open(_ engine: Engine, _ events: ServerEvents?) throws(GatehouseServerError) {
    opening.withLock { $0 = Opening(engine: engine, events: events) }
    if try takeUp(file) == nil, let failure = state.withLock({ $0.failure }) { throw failure }
    state.withLock { $0.isOpen = true }
  }

  /// Puts the rules file in force if it has changed since it was last taken up.
  /// - Returns: the new version; nil when nothing has changed.
  /// - Throws: as `put` does.
  @discardableResult
  func takeUp(_ file: CompiledRules) throws(GatehouseServerError) -> RuleSetVersion? {
    guard versions.fromFile != file.version else { return nil }
    return try put(file, author: "", comment: "")
  }

  /// Puts rules in force between two calls, and lets the log say so between their entries.
  ///
  /// - Parameters:
  ///   - author: who asks; empty for the rules file alone. What somebody asks for that is in force to the letter changes
  ///     nothing.
  ///   - expected: the version that must be in force; or that was in force before, where the author has just put these
  ///     very rules in its place.
  /// - Returns: the version now in force.
  /// - Throws: `.notOpen`, `.versionNotInForce`, `.engine`, `.log`. But for `.log` after a failure of the disk at this very moment nothing has
  ///   changed then.
  @discardableResult
  func put(
    _ rules: CompiledRules, author: String, comment: String, expecting expected: String? = nil
  ) throws(GatehouseServerError) -> RuleSetVersion {
    try opening.withLock { opening throws(GatehouseServerError) in
      guard let opening else { throw .notOpen }
      let versions = versions
      if let inForce = versions.inForce {
        let isInForce = !author.isEmpty && inForce.isLiterally(rules)
        // The same call again finds what it has done itself, in place of what it expected.
        let isAgain = isInForce && inForce.author == author && versions.before?.version == expected
        if let expected, expected != inForce.version, !isAgain {
          throw .versionNotInForce(expected: expected, inForce: inForce.version)
        }
        if isInForce { return inForce }
      }
      var version = RuleSetVersion(
        version: rules.version, text: rules.text, listFiles: rules.listFiles, author: author, comment: comment,
        appliedAt: now())
      try adopt(rules, opening.engine, at: version.appliedAt) {
        version.logIndex = try opening.events?.append(LogEntry(createdAt: version.appliedAt, rules: version))
      }
      state.withLock { state in
        state.versions.add(version)
        state.failure = nil
      }
      version.inForce = true
      do throws(RPCError) {
        if let index = version.logIndex { try opening.events?.settle(through: index) }
      } catch {
        throw .log(error)
      }
      return version
    }
  }

  /// Compiles rules that did not come from a file.
  /// - Parameter name: what messages call them.
  /// - Throws: `.rulesRefused`.
  func compile(_ name: String, text: String, listFiles: [ListFile]) throws(GatehouseServerError) -> CompiledRules {
    try CompiledRules.compile(name, text: text, listFiles: listFiles, latenessMilliseconds: latenessMilliseconds)
  }

  /// A version of the log, compiled.
  /// - Throws: `.rulesRefused` when it does not compile any longer.
  func compile(_ version: RuleSetVersion) throws(GatehouseServerError) -> CompiledRules {
    if version.version == file.version { return file }
    return try compile("rules \(version.version) of the log", text: version.text, listFiles: version.listFiles)
  }

  private func adopt(
    _ rules: CompiledRules, _ engine: Engine, at time: Int64, recording: () throws -> Void = {}
  ) throws(GatehouseServerError) {
    do {
      try engine.adopt(rules.ruleSet, at: time, recording: recording)
    } catch let error as RPCError {
      throw .log(error)
    } catch {
      throw .engine(error)
    }
    state.withLock { $0.rules = rules }
  }
}

extension RuleSetVersion {
  /// It has the very text and list files of the rules.
  fileprivate func isLiterally(_ rules: CompiledRules) -> Bool {
    version == rules.version && text == rules.text && listFiles == rules.listFiles
  }
}

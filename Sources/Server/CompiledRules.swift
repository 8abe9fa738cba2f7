import Foundation
import GatehouseProtocol
import Rules
import Synchronization

/// Rules that can be put in force, with the text that they were compiled from: what the log keeps of them.
struct CompiledRules: Sendable {
  let ruleSet: RuleSet
  let text: String
  /// The files that lists were read from, in the order of reading.
  let listFiles: [ListFile]

  /// What decisions and the log call these rules.
  var version: String { ruleSet.shortVersion }

  /// Reads a rules file and the files of its lists.
  /// - Throws: `.rulesUnreadable`, `.rulesRefused`.
  static func read(
    _ path: String, latenessMilliseconds: Int64
  ) throws(GatehouseServerError) -> CompiledRules {
    let lists = LoadedLists()
    let compilation = try RulesFile.compile(path, latenessMilliseconds: latenessMilliseconds, loaded: lists.add)
    return try CompiledRules(compilation, listFiles: lists.all)
  }

  /// Compiles rules that did not come from a file.
  /// - Parameter name: what messages call them.
  /// - Throws: `.rulesRefused`.
  static func compile(
    _ name: String, text: String, listFiles: [ListFile], latenessMilliseconds: Int64
  ) throws(GatehouseServerError) -> CompiledRules {
    // Files that no list is read from are not kept.
    let lists = LoadedLists()
    let compilation = RulesFile.compile(
      name, text: text, listFiles, latenessMilliseconds: latenessMilliseconds, loaded: lists.add)
    return try CompiledRules(compilation, listFiles: lists.all)
  }

  private init(_ compilation: Compilation, listFiles: [ListFile]) throws(GatehouseServerError) {
    guard let ruleSet = compilation.ruleSet else { throw .rulesRefused(compilation) }
    self.ruleSet = ruleSet
    // What compiles is UTF-8.
    text = String(decoding: compilation.file.bytes, as: UTF8.self)
    self.listFiles = listFiles
  }
}

extension RuleSet {
  /// The first 16 digits of the version: the one form in which everybody is told it.
  var shortVersion: String { String(version.prefix(Self.shortVersionDigits)) }

  private static let shortVersionDigits = 16
}

/// The list files that the compiler asked for.
private final class LoadedLists: Sendable {
  private let files = Mutex<[ListFile]>([])

  var all: [ListFile] { files.withLock { $0 } }

  @Sendable
  func add(_ name: String, _ bytes: [UInt8]) {
    let file = ListFile(name: name, text: String(decoding: bytes, as: UTF8.self))
    files.withLock { files in
      if !files.contains(where: { $0.name == name }) { files.append(file) }
    }
  }
}

import Foundation
import GatehouseProtocol
import ProtoJSON

extension RuleSetVersion {
  /// `2026-11-21T04:12:33Z`
  var appliedAtText: String { Date(timeIntervalSince1970: Double(appliedAt) / 1_000).ISO8601Format() }

  /// `rules 0123456789abcdef are in force since 2026-11-21T04:12:33Z, by ann, entry 12 of the log`
  var sentence: String {
    let writer = author.isEmpty ? "from the rules file" : "by \(author.printable)"
    let entry = logIndex.map { ", entry \($0) of the log" } ?? ""
    return "rules \(version) are in force since \(appliedAtText), \(writer)\(entry)"
  }

  /// Without the texts: what a change is answered with.
  func jsonWithoutTexts() throws -> JSONValue {
    var version = self
    (version.text, version.listFiles) = ("", [])
    return try version.json()
  }
}

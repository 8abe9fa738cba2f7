import Foundation
import GatehouseProtocol
import ProtoJSON
import Wire

/// An entry of the log, to be shown.
struct EntryText: Sendable {
  let index: UInt64
  /// When it was written, Unix milliseconds; nil where only the entry itself is known.
  let milliseconds: Int64?
  let bytes: [UInt8]

  /// `17  2026-01-02T03:04:05.678Z  order.create  c-42  ACCESS_BLOCKED`
  func line() throws(CommandFailure) -> String {
    let entry = try decoded()
    let parts = ["\(index)", Self.time(entry.createdAt)] + Self.content(entry).filter { !$0.isEmpty }
    return Self.printable(parts.joined(separator: "  "))
  }

  /// Without control characters: the words are strangers', and a terminal would obey them.
  private static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }

  /// `{"index":17,"writtenAt":1767323045678,"entry":{…}}`
  func json() throws -> JSONValue {
    let written = milliseconds.map { [JSONValue.Member("writtenAt", .number("\($0)"))] } ?? []
    return .object([.init("index", .number("\(index)"))] + written + [.init("entry", try decoded().json())])
  }

  private func decoded() throws(CommandFailure) -> LogEntry {
    do {
      return try ProtobufDecoder().decode(LogEntry.self, from: bytes)
    } catch {
      throw CommandFailure("entry \(index) is not a LogEntry of this contract: \(error)")
    }
  }

  private static func content(_ entry: LogEntry) -> [String] {
    if let activity = entry.activity {
      return [
        "\(activity.entity).\(activity.action)", activity.customerID,
        entry.decision.map { "\($0.outcome)" } ?? "recorded",
      ]
    }
    if let rules = entry.rules { return ["rules \(rules.version)", rules.author, rules.comment] }
    if let policy = entry.retention {
      return ["retention", policy.keepFor == 0 ? "keeps all" : "\(policy.keepFor) ms"]
    }
    if let removed = entry.removed { return ["removed", "\(Quantity.entries(removed.count)) from \(removed.first)"] }
    if let access = entry.access {
      let status = StatusCode(rawValue: UInt8(clamping: access.status))?.name ?? "\(access.status)"
      return ["access", access.method, access.logIndex.map { "entry \($0)" } ?? "", access.agent, status]
    }
    return ["an entry of a kind that this version does not know"]
  }

  /// RFC 3339, in UTC, with milliseconds.
  static func time(_ milliseconds: Int64) -> String {
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    let (second, fraction) = rest < 0 ? (seconds - 1, rest + 1_000) : (seconds, rest)
    // Whole seconds are exact in a Date, thousandths are not.
    let text = Date(timeIntervalSince1970: Double(second)).formatted(.iso8601)
    return text.dropLast() + "." + String("\(1_000 + fraction)".dropFirst()) + "Z"
  }

  /// The same of Unix seconds; beyond the year 9999 the last of them.
  static func time(seconds: UInt64) -> String { time(Int64(min(seconds, 253_402_300_799)) * 1_000) }
}

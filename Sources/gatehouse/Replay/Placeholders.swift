import Arguments
import Foundation
import ProtoJSON

/// What stands for itself only until a file is replayed, so that one file is right on any day and any number of times.
///
/// In any text of a replayed activity:
///
///     ${run}                                    a short text that differs from run to run
///     ${now}                                    the time at which the replay began
///     ${-90m}                                   that long before
///     ${-2d 03:15:20 America/New_York}          that time of day, so many days before today, by that zone's calendar
///
/// Times become Unix milliseconds, in decimal digits, which integer fields read as well as numbers. A time of day that
/// the zone skips on that day is moved forward by as much, and of one that it has twice the first is meant.
struct Placeholders: Sendable {
  /// What `${run}` stands for.
  let run: String
  /// Unix milliseconds.
  let now: Int64

  /// A text between `${` and `}` that is none of the above.
  struct Unknown: Error, Equatable {
    let text: String
  }

  /// The value with every placeholder in its texts replaced; names stay as they are.
  func resolve(_ value: JSONValue) throws(Unknown) -> JSONValue {
    switch value {
    case .null, .bool, .number: return value
    case .string(let text): return .string(try resolve(text))
    case .array(let values):
      var resolved: [JSONValue] = []
      for value in values { resolved.append(try resolve(value)) }
      return .array(resolved)
    case .object(let members):
      var resolved: [JSONValue.Member] = []
      for member in members { resolved.append(JSONValue.Member(member.name, try resolve(member.value))) }
      return .object(resolved)
    }
  }

  func resolve(_ text: String) throws(Unknown) -> String {
    var rest = text[...]
    var result = ""
    while let start = rest.range(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      result += rest[..<start.lowerBound]
      result += try meaning(of: String(rest[start.upperBound..<end]))
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private func meaning(of text: String) throws(Unknown) -> String {
    switch text {
    case "run": return run
    case "now": return String(now)
    default:
      let words = text.split(separator: " ").map(String.init)
      guard let first = words.first, first.hasPrefix("-"),
        let ago = try? ValueType<Duration>.duration.parse(String(first.dropFirst())),
        let milliseconds = words.count == 1 ? now - ago.milliseconds : timeOfDay(ago, words.dropFirst())
      else { throw Unknown(text: text) }
      return String(milliseconds)
    }
  }

  /// `["03:15:20", "America/New_York"]`, so many whole days before today in that zone.
  private func timeOfDay(_ ago: Duration, _ words: ArraySlice<String>) -> Int64? {
    let parts = (words.first ?? "").split(separator: ":").map { Int($0) }
    guard words.count == 2, let zone = words.last.flatMap(TimeZone.init(identifier:)),
      ago.milliseconds % Self.dayMilliseconds == 0,
      (2...3).contains(parts.count), let hour = parts[0], let minute = parts[1],
      let second = parts.count == 3 ? parts[2] : 0,
      (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
    else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let today = Date(timeIntervalSince1970: Double(now) / 1_000)
    let days = Int(ago.milliseconds / Self.dayMilliseconds)
    guard let day = calendar.date(byAdding: .day, value: -days, to: calendar.startOfDay(for: today)),
      let time = calendar.date(bySettingHour: hour, minute: minute, second: second, of: day)
    else { return nil }
    return Int64(time.timeIntervalSince1970) * 1_000
  }

  private static let dayMilliseconds: Int64 = 86_400_000
}

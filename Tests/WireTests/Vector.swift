import Foundation
import Testing

/// A block of Protocol/vectors/messages.txt; the format is described beside that.
struct Vector: CustomTestStringConvertible {
  let name: String
  let type: String
  let verdict: String
  let bytes: [UInt8]
  let json: String?

  var testDescription: String { name }

  /// Every vector of the file.
  static func all() throws -> [Vector] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Protocol/vectors/messages.txt")
    let text = try String(contentsOf: file, encoding: .utf8)
    return try text.components(separatedBy: "\n\n").compactMap { block in
      let lines = block.split(separator: "\n").filter { !$0.hasPrefix("#") }
      return lines.isEmpty ? nil : try Vector(lines)
    }
  }

  private init(_ lines: [Substring]) throws {
    var values: [String: String] = [:]
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      values[String(parts[0])] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    name = try #require(values["name"])
    type = try #require(values["type"])
    verdict = try #require(values["verdict"])
    bytes = try Vector.bytes(#require(values["bytes"]))
    json = values["json"]
  }

  private static func bytes(_ digits: String) throws -> [UInt8] {
    let digits = Array(digits)
    return try stride(from: 0, to: digits.count, by: 2).map { place in
      try #require(UInt8(String(digits[place..<min(place + 2, digits.count)]), radix: 16))
    }
  }
}

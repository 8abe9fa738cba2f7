import Foundation
import Testing

@testable import Rules

/// The small parts that the language stands on.
@Suite struct PartsTests {
  @Test(
    "addresses are read as RFC 4291 spells them, and nothing else",
    arguments: [
      ("1.2.3.4", 0xFFFF_0102_0304), ("::", 0), ("::1", 1), ("1::", 0x1 << 112), ("::ffff:1.2.3.4", 0xFFFF_0102_0304),
      ("1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004_0005_0006_0007_0008), ("1:2::8", 0x1_0002 << 96 | 8),
      ("::2:3:4:5:6:7:8", 0x2_0003_0004_0005_0006_0007_0008),
      ("1:2:3:4:5:6:1.2.3.4", 0x0001_0002_0003_0004_0005_0006_0102_0304),
      ("1.2.3", nil), ("1.2.3.256", nil), ("01.2.3.4", nil), ("1.2.3.4.5", nil), ("1.2.3.", nil), ("", nil), (":", nil),
      (":::", nil), ("1:2:3:4:5:6:7", nil), ("1:2:3:4:5:6:7:8:9", nil), ("1::2::3", nil), ("12345::", nil),
      ("g::", nil),
      ("1:", nil), (":1", nil), ("::1.2.3.4.5", nil), ("fe80::1%eth0", nil), ("1:2:3:4:5:6:7:1.2.3.4", nil),
      ("1:2:3:4:5:6:7::8", nil), (" 1.2.3.4", nil),
    ] as [(String, UInt128?)])
  func addresses(text: String, expected: UInt128?) {
    #expect(IPAddress(text)?.bits == expected)
  }

  @Test("random addresses are read as the C library reads them")
  func addressesOfTheLibrary() {
    var random = SeededGenerator(seed: 7)
    let pieces = ["0", "1", "ff", "abcd", ":", "::", ".", "255", "256", "7", "12"]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...13, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      var storage = in6_addr()
      var short = in_addr()
      let isKnown = inet_pton(AF_INET6, text, &storage) == 1 || inet_pton(AF_INET, text, &short) == 1
      #expect((IPAddress(text) != nil) == isKnown, "\(text)")
    }
  }

  @Test("ranges merge, and hold what is in them")
  func ranges() throws {
    let texts = ["10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "2001:db8::/32", "::/0"]
    let ranges = try texts.prefix(4).map { try #require(AddressRange($0)) }
    #expect(AddressRange.merged(ranges).count == 2)
    #expect(AddressRange.merged(try texts.map { try #require(AddressRange($0)) }).count == 1)
    for bad in ["10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/8/8", "/8", "2001:db8::/129"] {
      #expect(AddressRange(bad) == nil, "\(bad)")
    }
  }

  @Test("globs match as trying everything does", arguments: [1, 2, 3] as [UInt64])
  func globs(seed: UInt64) throws {
    func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == "*" {
        return matches(pattern.dropFirst(), text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
      }
      return !text.isEmpty && (first == "?" || first == text.first) && matches(pattern.dropFirst(), text.dropFirst())
    }
    var random = SeededGenerator(seed: seed)
    for _ in 0..<700 {
      let pattern = (0..<Int.random(in: 0...6, using: &random)).map { _ in "ab*?é".randomElement(using: &random) ?? "a"
      }
      let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in "abé€".randomElement(using: &random) ?? "a" }
      let glob = try #require(GlobPattern(.glob(String(pattern))))
      defer { glob.deallocate() }
      let found = Array(String(text).utf8).withUnsafeBytes { glob.matches($0) }
      #expect(found == matches(pattern[...], text[...]), "seed \(seed): \(String(pattern)) \(String(text))")
    }
  }

  @Test(
    "zones have Foundation's offsets, at every change and at random",
    arguments: [
      "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Moscow", "America/Caracas",
      "UTC",
    ])
  func zones(name: String) throws {
    let table = try #require(ZoneTable(name: name))
    let zone = try #require(TimeZone(identifier: name))
    var random = SeededGenerator(seed: 11)
    let start = CivilDate.days(year: 2000, month: 1, day: 2) * 86_400
    let end = CivilDate.days(year: 2070, month: 12, day: 31) * 86_400
    let changes = table.starts.dropFirst().flatMap { [$0 - 1, $0, $0 + 1] }
    for second in changes + (0..<500).map({ _ in Int64.random(in: start..<end, using: &random) }) {
      let place = (table.starts.firstIndex { $0 > second } ?? table.starts.count) - 1
      #expect(
        Int(table.offsets[place]) == zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))), "\(second)")
    }
  }

  @Test("civil dates count days as calendars do")
  func civilDates() {
    for days in stride(from: -800_000, through: 800_000, by: 379) as StrideThrough<Int64> {
      let date = CivilDate(days: days)
      #expect(CivilDate.days(year: date.year, month: date.month, day: date.day) == days)
    }
    #expect(CivilDate(days: 0) == CivilDate(year: 1970, month: 1, day: 1))
    #expect(CivilDate(days: 20_000) == CivilDate(year: 2024, month: 10, day: 4))
  }

  @Test(
    "distances are those of an atlas",
    arguments: [
      (40.7128, -74.006, 35.6762, 139.6503, 10_850), (51.5074, -0.1278, 48.8566, 2.3522, 344), (0, 0, 0, 180, 20_015),
      (90, 0, -90, 0, 20_015), (10, 179.5, 10, -179.5, 109.5), (52.52, 13.405, 52.52, 13.405, 0),
    ])
  func distances(latitude: Double, longitude: Double, otherLatitude: Double, otherLongitude: Double, kilometres: Double)
  {
    let place = { (north: Double, east: Double) in
      Geography.packed(latitude: Int64((north * 1e6).rounded()), longitude: Int64((east * 1e6).rounded()))
    }
    let metres = Geography.metres(place(latitude, longitude), place(otherLatitude, otherLongitude))
    #expect(abs(Double(metres) / 1000 - kilometres) <= max(1, kilometres * 0.002))
  }

  @Test(
    "numbers are written as people write them",
    arguments: [
      (0, 0, "0"), (-5, 2, "-0.05"), (1_205, 2, "12.05"), (1_205, 0, "1205"), (7, 3, "0.007"),
      (Int64.min, 2, "-92233720368547758.08"), (Int64.max, 0, "9223372036854775807"), (100, 2, "1.00"),
    ] as [(Int64, Int, String)])
  func writtenNumbers(value: Int64, digits: Int, expected: String) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
    defer { buffer.deallocate() }
    var writer = MessageWriter(buffer)
    writer.append(number: value, fractionDigits: digits)
    #expect(String(decoding: buffer[..<writer.count], as: UTF8.self) == expected)
  }

  @Test("what does not fit into a message is cut between characters")
  func cutMessages() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
    defer { buffer.deallocate() }
    var writer = MessageWriter(buffer)
    Array("ab€".utf8).withUnsafeBytes { writer.append($0) }
    #expect(writer.count == 2)
    writer.append(number: 12345)
    #expect(String(decoding: buffer[..<writer.count], as: UTF8.self) == "ab12")
  }
}

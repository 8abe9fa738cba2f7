import GatehouseProtocol
import Testing

@testable import Server

@Suite("The versions of the rules that are known")
struct RuleVersionsTests {
  @Test("the newest is in force, and only versions without an author come from the file")
  func order() {
    var versions = RuleVersions()
    #expect(versions.inForce == nil && versions.fromFile == nil)
    versions.add(RuleSetVersion(version: "a"))
    versions.add(RuleSetVersion(version: "b", author: "ann"))
    #expect(versions.all.map(\.version) == ["b", "a"])
    #expect(versions.all.map(\.inForce) == [true, false])
    #expect(versions.fromFile == "a")
    versions.add(RuleSetVersion(version: "c"))
    #expect(versions.fromFile == "c")
  }

  @Test("the oldest go when there are too many or their texts too long, the one in force never")
  func bounds() {
    var versions = RuleVersions()
    for number in 0..<RuleVersions.maxCount + 10 { versions.add(RuleSetVersion(version: "\(number)", author: "ann")) }
    #expect(versions.all.count == RuleVersions.maxCount)
    #expect(versions.all.last?.version == "10")
    let half = String(repeating: "x", count: RuleVersions.maxTextBytes / 2)
    versions.add(RuleSetVersion(version: "long", listFiles: [ListFile(name: "half", text: half)]))
    versions.add(RuleSetVersion(version: "longer", text: half + "x"))
    #expect(versions.all.map(\.version) == ["longer"])
    versions.add(RuleSetVersion(version: "longest", text: half + half + "xx"))
    #expect(versions.all.map(\.version) == ["longest"])
    #expect(versions.fromFile == "longest")
  }
}

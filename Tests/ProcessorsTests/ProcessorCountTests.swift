import Glibc
import Testing

@testable import Processors

@Suite("A process counts the processors that it may use")
struct ProcessorCountTests {
  private func allowed(_ processors: Int, _ membership: String, _ limits: [String: String]) -> Int {
    ProcessorCount.allowed(of: processors, membership: membership) { limits[$0] }
  }

  @Test("all that it may run on, where no control group says otherwise")
  func unlimited() {
    #expect(allowed(8, "", [:]) == 8)
    #expect(allowed(8, "0::/\n", ["": "max 100000\n"]) == 8)
    #expect(allowed(8, "4:cpu:/a\n0::/a/b\n", ["/a": "max 100000\n", "/a/b": "max 100000\n"]) == 8)
  }

  @Test(
    "in a container, what its quota pays for; a begun one counts",
    arguments: [
      ("200000 100000\n", 2), ("150000 100000\n", 2), ("100000 100000\n", 1), ("50000 100000\n", 1),
      ("1000 100000\n", 1),
      ("6400000 100000\n", 8),
    ])
  func quota(limit: String, count: Int) {
    #expect(allowed(8, "0::/\n", ["": limit]) == count)
  }

  @Test("the narrowest of all groups around it")
  func nested() {
    let membership = "1:name=systemd:/\n0::/system.slice/gatehouse.service\n"
    #expect(
      allowed(8, membership, ["/system.slice/gatehouse.service": "300000 100000\n", "/system.slice": "max 100000\n"])
        == 3)
    #expect(
      allowed(
        8, membership, ["/system.slice/gatehouse.service": "300000 100000\n", "/system.slice": "200000 100000\n"])
        == 2)
    #expect(allowed(8, membership, ["": "100000 100000", "/system.slice": "200000 100000\n"]) == 1)
  }

  @Test(
    "what cannot be read limits nothing",
    arguments: ["", "max", "100000", "a b", "0 100000", "-1 100000", "1 0", "1 2 3"])
  func nonsense(limit: String) {
    #expect(allowed(8, "0::/\n", ["": limit]) == 8)
    #expect(allowed(8, "0::", ["": limit]) == 8)
  }

  @Test("there is one at least, and no more than the machine has")
  func here() {
    #expect(allowed(0, "", [:]) == 1)
    #expect(ProcessorCount.available >= 1)
    #expect(ProcessorCount.available <= sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}

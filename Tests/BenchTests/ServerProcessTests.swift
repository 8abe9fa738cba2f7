import Foundation
import Testing

@testable import Bench

@Suite("A process in /proc")
struct ServerProcessTests {
  private let status = "Name:\tx\nVmPeak:\t   99 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n"

  @Test("is read whatever its name is")
  func name() {
    let stat = "12 (a) b (c) S 1 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 3 0 100 1000 10"
    #expect(
      ServerProcess.usage(stat: stat, status: status, ticksPerSecond: 100)
        == ServerProcess.Usage(cpuNanoseconds: 3_000_000_000, residentBytes: 1 << 20, peakResidentBytes: 2 << 20))
  }

  @Test("that has ended is none", arguments: ["", "12 (x) Z 1 1", "12 x S"])
  func ended(stat: String) {
    #expect(ServerProcess.usage(stat: stat, status: status, ticksPerSecond: 100) == nil)
    #expect(ServerProcess(id: .max).usage() == nil)
  }

  @Test("is this one, too")
  func own() throws {
    let usage = try #require(ServerProcess(id: getpid()).usage())
    #expect(usage.residentBytes > 1 << 20 && usage.peakResidentBytes >= usage.residentBytes)
  }
}

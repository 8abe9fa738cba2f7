import Testing

@testable import GatehouseClient

@Suite struct StallDetectorTests {
  private let long = StallDetector.silenceNanoseconds

  @Test("many timeouts in a long silence give a connection up")
  func stall() {
    var detector = StallDetector()
    let verdicts = (1...StallDetector.timeoutsInARow).map { detector.timedOut(sentAt: 10, now: 10 + long * Int64($0)) }
    #expect(verdicts.last == true)
    #expect(detector.timedOut(sentAt: 10, now: 10 + long * 1_000) == false, "given up once")
    #expect(!verdicts.dropLast().contains(true))
  }

  @Test("one answer between them saves it, however late")
  func slow() {
    var detector = StallDetector()
    for round in 0..<1_000 {
      if round % (StallDetector.timeoutsInARow - 1) == 0 { detector.answered() }
      #expect(detector.timedOut(sentAt: 0, now: Int64(round) * long) == false)
    }
  }

  @Test("a burst that times out at once is no silence yet")
  func burst() {
    var detector = StallDetector()
    for _ in 0..<1_000 { #expect(detector.timedOut(sentAt: 0, now: long - 1) == false) }
    #expect(detector.timedOut(sentAt: 0, now: long) == true)
  }
}

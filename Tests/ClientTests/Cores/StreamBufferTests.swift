import Testing
import Wire

@testable import GatehouseClient

@Suite struct StreamBufferTests {
  @Test("items come out in order, then the end, again and again")
  func order() {
    var buffer = StreamBuffer()
    #expect(buffer.next() == .wait)
    _ = buffer.push([1])
    _ = buffer.push([2])
    buffer.finish(nil)
    #expect(buffer.next() == .item([1], grant: 0))
    #expect(buffer.next() == .item([2], grant: 0))
    #expect(buffer.next() == .end(nil))
    #expect(buffer.next() == .end(nil))
  }

  @Test("the first end counts; a cancelled stream drops what has come")
  func ends() {
    var buffer = StreamBuffer()
    _ = buffer.push([1])
    let cancelled = RPCError(.cancelled, "enough")
    buffer.finish(cancelled)
    buffer.finish(RPCError(.unavailable, "later"))
    #expect(buffer.next() == .end(cancelled))
  }

  @Test("one item beyond the credit ends the stream with INTERNAL")
  func overrun() {
    var buffer = StreamBuffer()
    for value in 0..<StreamBuffer.initialCredit { #expect(buffer.push([UInt8(value)]) == true) }
    #expect(buffer.push([99]) == false)
    for _ in 0..<StreamBuffer.initialCredit { _ = buffer.next() }
    guard case .end(let error) = buffer.next() else {
      Issue.record("no end")
      return
    }
    #expect(error?.code == .internal)
  }

  /// A server that sends whatever it may, a reader at any pace.
  @Test(
    "an honest server never overruns, never starves a reader, and never fills more than the credit",
    arguments: Seeds.some)
  func credit(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var buffer = StreamBuffer()
    var credit = StreamBuffer.initialCredit
    var sent = 0
    var received = 0
    for _ in 0..<2_000 {
      if Bool.random(using: &random), credit > 0 {
        let isAccepted = buffer.push([UInt8(truncatingIfNeeded: sent)])
        #expect(isAccepted)
        credit -= 1
        sent += 1
      } else if case .item(let item, let grant) = buffer.next() {
        #expect(item == [UInt8(truncatingIfNeeded: received)])
        received += 1
        credit += Int(grant)
      } else {
        #expect(credit >= StreamBuffer.lot, "a reader who has read everything leaves the server with credit")
      }
      #expect(sent - received <= StreamBuffer.initialCredit)
    }
  }
}

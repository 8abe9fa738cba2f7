import GatehouseProtocol
import Testing
import Wire

@testable import Bench

@Suite("Requests")
struct RequestSourceTests {
  /// The payloads of the next `count` calls, with the kind that each was said to be.
  private func calls(_ options: RunOptions, count: Int) throws -> [(CallKind, FrameHeader, [UInt8])] {
    let frames = RequestFrames(options, startedAt: 1_800_000_000_000, runID: 0xABC)
    var source = try RequestSource(
      mix: options.mix, keys: KeyDistribution(count: options.keys, zipf: options.zipf), seed: options.seed,
      frames: frames.frame)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: source.maximumFrameBytes, alignment: 8)
    defer { buffer.deallocate() }
    return try (1...count).map { call in
      let request = source.next()
      let size = source.write(request, call: UInt32(call), to: try #require(buffer.baseAddress))
      let frame = try #require(
        try Frame.split(UnsafeRawBufferPointer(rebasing: buffer[..<size]), maxPayloadBytes: 4096))
      #expect(frame.byteCount == size)
      return (source.kind(of: request), frame.header, Array(frame.payload))
    }
  }

  @Test("to evaluate are orders as the contract has them, about 180 bytes long")
  func evaluate() throws {
    for (call, (_, header, payload)) in try calls(RunOptions(), count: 500).enumerated() {
      #expect(
        header.kind == .request && header.method == 1 && header.call == UInt32(call + 1) && header.violation == nil)
      #expect((170...195).contains(payload.count))
      let request = try ProtobufDecoder().decode(EvaluateRequest.self, from: payload)
      let order = try #require(request.activity)
      let key = order.customerID.dropFirst()
      #expect(key.count == 8 && UInt64(key).map { $0 < 100_000 } == true)
      #expect(order.card?.fingerprint == "f" + key && order.membership?.id == "m" + key && order.sessionID == "s" + key)
      #expect(order.entity == "order" && order.action == "create" && request.mode == .record)
      #expect(order.card?.last4 == "4242")
      #expect(order.clientIP == Self.address(String(key)))
    }
  }

  /// `1dd.1dd.1dd.1dd` of eight digits.
  private static func address(_ key: String) -> String {
    let digits = Array(key)
    return stride(from: 0, to: 8, by: 2).map { "1" + String(digits[$0...($0 + 1)]) }.joined(separator: ".")
  }

  @Test("have ids of their own, or none")
  func ids() throws {
    let ids = try calls(RunOptions(), count: 300).map { _, _, payload in
      try ProtobufDecoder().decode(EvaluateRequest.self, from: payload).activity?.id ?? ""
    }
    #expect(Set(ids).count == 300)
    #expect(ids[0] == "0000000000000abc0000000000000001" && ids[299] == "0000000000000abc000000000000012c")
    var options = RunOptions()
    options.ids = false
    for (_, _, payload) in try calls(options, count: 10) {
      #expect(try ProtobufDecoder().decode(EvaluateRequest.self, from: payload).activity?.id == "")
    }
  }

  @Test("of one customer come from one place, with one membership")
  func constancy() throws {
    var options = RunOptions()
    options.keys = 20
    var seen: [String: Activity] = [:]
    for (_, _, payload) in try calls(options, count: 1_000) {
      var order = try #require(try ProtobufDecoder().decode(EvaluateRequest.self, from: payload).activity)
      order.id = ""
      #expect(seen[order.customerID, default: order] == order)
      seen[order.customerID] = order
    }
    #expect(seen.count == 20)
    #expect(Set(seen.values.map { $0.location?.timeZone ?? "" }).count == 8)
  }

  @Test("only look when asked to, and state deadline and durability")
  func modes() throws {
    var options = RunOptions()
    options.checkOnly = true
    options.durability = .durable
    options.deadline = .milliseconds(5)
    let (_, header, payload) = try #require(try calls(options, count: 1).first)
    let request = try ProtobufDecoder().decode(EvaluateRequest.self, from: payload)
    #expect(request.mode == .check && request.durability == .durable && header.value == 5_000)
  }

  @Test("are mixed as asked, each with its own method")
  func mix() throws {
    var options = RunOptions()
    options.mix = try CallMix("evaluate=2,record=1,health=1")
    var methods: [CallKind: Set<UInt16>] = [:]
    for (kind, header, payload) in try calls(options, count: 400) {
      methods[kind, default: []].insert(header.method)
      if kind == .record {
        let login = try ProtobufDecoder().decode(RecordActivityRequest.self, from: payload).activity
        #expect(login?.entity == "customer" && login?.action == "login")
      }
    }
    #expect(methods == [.evaluate: [1], .record: [2], .health: [16]])
  }

  @Test("are the same for the same seed and others for another")
  func seeds() throws {
    var other = RunOptions()
    other.seed = 2
    let payloads = try [RunOptions(), RunOptions(), other].map { try calls($0, count: 50).map(\.2) }
    #expect(payloads[0] == payloads[1])
    #expect(payloads[0] != payloads[2])
  }
}

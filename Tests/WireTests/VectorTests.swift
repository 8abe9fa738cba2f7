import GatehouseProtocol
import Testing

@testable import Wire

@Suite("The golden vectors")
struct VectorTests {
  @Test("mean to us what they mean to Google's protobuf", arguments: try Vector.all())
  func vector(_ vector: Vector) throws {
    switch vector.type {
    case "EvaluateRequest": try check(vector, EvaluateRequest.self)
    case "RecordActivityRequest": try check(vector, RecordActivityRequest.self)
    case "Decision": try check(vector, Decision.self)
    case "Activity": try check(vector, Activity.self)
    case "Money": try check(vector, Money.self)
    case "Location": try check(vector, Location.self)
    case "Status": try check(vector, Status.self)
    case "Hello": try check(vector, Hello.self)
    default: Issue.record("a vector of an unknown type: \(vector.type)")
    }
  }

  private func check<Message: ProtobufMessage>(_ vector: Vector, _ type: Message.Type) throws {
    let decoded = Result { try ProtobufDecoder().decode(type, from: vector.bytes) }
    guard let json = vector.json else {
      let error = #expect(throws: WireError.self) { try decoded.get() }
      #expect(vector.verdict == "refused \(error?.code as WireError.Code?, default: "nothing")")
      return
    }
    let message = try decoded.get()
    #expect(try difference(message, json) == nil)
    let isCanonical = try ProtobufEncoder().encode(message) == vector.bytes
    #expect(isCanonical == (vector.verdict == "canonical"))
  }

  @Test("the sample order is the vector's")
  func sample() throws {
    let order = try #require(try Vector.all().first { $0.name == "order.create" })
    let request = EvaluateRequest(activity: Samples.order, mode: .record)
    #expect(try ProtobufEncoder().encode(request) == order.bytes)
  }
}

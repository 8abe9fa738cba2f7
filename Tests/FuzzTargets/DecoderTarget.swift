import GatehouseProtocol
import Wire

/// Bytes as a message: refused, or decoded to what encodes to the same message again.
struct DecoderTarget: FuzzTarget {
  static let name = "decoder"

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first else { return }
    let message = Array(bytes.dropFirst())
    switch choice % 7 {
    case 0: check(EvaluateRequest.self, message)
    case 1: check(RecordActivityRequest.self, message)
    case 2: check(Decision.self, message)
    case 3: check(RecordActivityResponse.self, message)
    case 4: check(DescribeResponse.self, message)
    case 5: check(LogEntry.self, message)
    default: check(Status.self, message)
    }
  }

  private func check<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) {
    let decoded: Message
    do {
      decoded = try ProtobufDecoder().decode(type, from: bytes)
    } catch let error as WireError {
      return require(error.code != .schemaMismatch, "\(type) does not fit its schema: \(error)")
    } catch {
      refute("\(type): \(error)")
    }
    do {
      let canonical = try ProtobufEncoder().encode(decoded)
      let again = try ProtobufEncoder().encode(ProtobufDecoder().decode(type, from: canonical))
      require(again == canonical, "\(type) does not survive being written: \(canonical) became \(again)")
    } catch {
      refute("\(type) was decoded but cannot be written and read: \(error)")
    }
  }

  static func seeds() -> [[UInt8]] {
    (0..<7).flatMap { choice in MessageSeeds.vectors().map { [UInt8(choice)] + $0 } }
  }
}

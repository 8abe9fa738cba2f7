import AllKinds
import Foundation
import GatehouseProtocol
import Wire

// The other end of Tests/interop/protobuf: answers what our coder makes of bytes that another implementation sends.
//
// Both ways a length of four bytes, little-endian, then that many bytes. A request is the number of a message type in
// one byte, then the message; an answer is a verdict in one byte, then its content:
//   0  accepted; the message encoded again
//   1  refused; why, as a text
//   2  decoder and view do not agree; how, as a text

/// Decodes a message and encodes it again.
func recoded<Message: ProtobufMessage>(_ type: Message.Type, _ bytes: [UInt8]) throws -> [UInt8] {
  try ProtobufEncoder().encode(ProtobufDecoder().decode(type, from: bytes))
}

/// The types by their numbers.
let recoders: [@Sendable ([UInt8]) throws -> [UInt8]] = [
  { try recoded(AllKinds.self, $0) },
  { try recoded(EvaluateRequest.self, $0) },
  { try recoded(RecordActivityRequest.self, $0) },
  { try recoded(Decision.self, $0) },
  { try recoded(Status.self, $0) },
  { try recoded(Hello.self, $0) },
]

/// Whether the view accepts; nil if the type has none or the view wants the canonical form.
func viewAccepts(_ type: Int, _ bytes: [UInt8]) -> Bool? {
  do {
    switch type {
    case 1: _ = try bytes.withUnsafeBytes { try EvaluateRequestView($0) }
    case 2: _ = try bytes.withUnsafeBytes { try RecordActivityRequestView($0) }
    default: return nil
    }
    return true
  } catch {
    return (error as? WireError)?.code == .needsCanonicalForm ? nil : false
  }
}

/// The answer to a request.
func answer(_ type: Int, _ bytes: [UInt8]) -> (verdict: UInt8, content: [UInt8]) {
  let view = viewAccepts(type, bytes)
  do {
    let again = try recoders[type](bytes)
    return view == false ? (2, Array("only the view refuses".utf8)) : (0, again)
  } catch {
    return view == true ? (2, Array("only the decoder refuses: \(error)".utf8)) : (1, Array("\(error)".utf8))
  }
}

let input = FileHandle.standardInput
let output = FileHandle.standardOutput
while let header = try input.read(upToCount: 4), header.count == 4 {
  let length = header.reversed().reduce(0) { $0 << 8 | Int($1) }
  guard let request = try input.read(upToCount: length), request.count == length, let type = request.first,
    recoders.indices.contains(Int(type))
  else { exit(2) }
  let (verdict, content) = answer(Int(type), Array(request.dropFirst()))
  var reply = Data(withUnsafeBytes(of: UInt32(content.count + 1).littleEndian) { Data($0) })
  reply.append(verdict)
  reply.append(contentsOf: content)
  try output.write(contentsOf: reply)
}

import Foundation
import Glibc
import Synchronization

@testable import Journal

/// A small witness after C2SP tlog-witness, over HTTP/1.1 on a port that the system chose: it cosigns checkpoints of one
/// log as long as each is consistent with the one before.
final class TestWitness: Sendable {
  /// How it behaves, besides well.
  enum Manner: Sendable {
    case honest
    /// Answers this whatever it is asked.
    case fixed(status: Int, body: [UInt8])
    /// Answers with a cosignature of another checkpoint.
    case lying
  }

  static let seconds: UInt64 = 1_767_225_600
  let key: NoteVerifier
  let address: String
  private let seed: [UInt8]
  private let logKey: NoteVerifier
  private let manner: Manner
  private let seen = Mutex<Checkpoint?>(nil)
  private let statuses = Mutex<[Int]>([])
  private let socket: Int32

  /// What it has answered so far.
  var answered: [Int] { statuses.withLock { $0 } }

  init(of logKey: NoteVerifier, manner: Manner = .honest) throws {
    self.logKey = logKey
    self.manner = manner
    seed = [UInt8](repeating: 42, count: 32)
    let signer = try NoteSigner(name: "witness.example/test", seed: seed)
    key = NoteVerifier(name: "witness.example/test", kind: .cosignature, publicKey: signer.verifier.publicKey)
    let listening = try Self.listen()
    socket = listening.socket
    address = "http://127.0.0.1:\(listening.port)/log"
    Thread { self.serve() }.start()
  }

  private static func listen() throws -> (socket: Int32, port: UInt16) {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && Glibc.listen(socket, 8) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    guard isListening else { throw CocoaError(.featureUnsupported) }
    return (socket, address.sin_port.bigEndian)
  }

  /// No more is taken; the thread ends with the socket.
  func close() { shutdown(socket, Int32(SHUT_RDWR)) }

  private func serve() {
    while true {
      let connection = accept(socket, nil, nil)
      guard connection >= 0 else { break }
      let (status, body) = answer(to: request(connection))
      statuses.withLock { $0.append(status) }
      let head = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
      let bytes = Array(head.utf8) + body
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count <= 0 { break }
        sent += count
      }
      Glibc.close(connection)
    }
    Glibc.close(socket)
  }

  /// The request's line and body; a peer that goes early leaves them short.
  private func request(_ connection: Int32) -> (line: String, body: [UInt8]) {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound]
        let length = head.lowercased().components(separatedBy: "content-length: ").last.flatMap {
          Int($0.prefix { $0.isNumber })
        }
        let body = Array(text[end.upperBound...].utf8)
        if body.count >= length ?? 0 { return (String(head.prefix { $0 != "\r\n" }), body) }
      }
      let count = read(connection, &chunk, chunk.count)
      if count <= 0 { return ("", []) }
      bytes += chunk[..<count]
    }
  }

  private func answer(to request: (line: String, body: [UInt8])) -> (Int, [UInt8]) {
    guard request.line == "POST /log/add-checkpoint HTTP/1.1" else { return (404, []) }
    if case .fixed(let status, let body) = manner { return (status, body) }
    guard let submitted = try? AddCheckpointRequest(parsing: request.body),
      let (new, note) = try? Checkpoint.verified(submitted.note, origin: logKey.name, keys: [logKey])
    else { return (400, Array("not a checkpoint that I know\n".utf8)) }
    return seen.withLock { seen in
      let known = seen ?? Checkpoint(origin: new.origin, size: 0, root: MerkleTree.emptyRoot)
      guard submitted.oldSize == known.size else { return (409, Array("\(known.size)\n".utf8)) }
      guard
        MerkleProof.verifyConsistency(
          from: known.size, known.root, to: new.size, new.root, proof: submitted.proof)
      else { return (422, Array("inconsistent\n".utf8)) }
      seen = new
      return (200, cosignature(of: note.text))
    }
  }

  private func cosignature(of text: String) -> [UInt8] {
    var text = text
    if case .lying = manner { text += "more\n" }
    let time = (0..<8).map { UInt8(truncatingIfNeeded: Self.seconds >> (56 - 8 * UInt64($0))) }
    let signature = Ed25519.sign(NoteVerifier.cosigned(text, seconds: Self.seconds), seed: seed) ?? []
    let line = SignedNote.Signature(keyName: key.name, keyID: key.keyID, bytes: time + signature).line
    return Array(line.utf8)
  }
}

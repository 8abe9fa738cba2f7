@testable import Transport

/// Somebody who listens and says something else, or nothing.
enum Stranger {
  /// - Parameter words: what is said before closing; nil to say nothing and stay.
  static func run(_ words: [UInt8]?, _ body: (Endpoint) async throws -> Void) async throws {
    let address = try SocketAddress.resolve(.tcp(host: "127.0.0.1", port: 0), passive: true)[0]
    let listener = try Socket.listening(on: address, backlog: 8)
    let endpoint = try listener.localAddress().endpoint
    let accepting = Task {
      await blocking { () -> Socket? in
        while true {
          if let socket = try? listener.accept() {
            guard let words else { return socket }
            _ = try? words.withUnsafeBytes { try socket.write($0) }
            socket.finishWriting()
            return socket
          }
        }
      }
    }
    defer { listener.close() }
    if let endpoint { try await body(endpoint) }
    await accepting.value?.close()
  }
}

extension [UInt8] {
  /// The bytes for as long as the program runs; tests may.
  var bytes: UnsafeRawBufferPointer {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    copy.copyBytes(from: self)
    return UnsafeRawBufferPointer(copy)
  }
}

import Testing

@testable import Transport

@Suite("Endpoints")
struct EndpointTests {
  @Test(
    "three forms are read, and written as they were",
    arguments: [
      ("127.0.0.1:7443", Endpoint.tcp(host: "127.0.0.1", port: 7443)), ("[::1]:0", .tcp(host: "::1", port: 0)),
      ("gate.example:65535", .tcp(host: "gate.example", port: 65_535)),
      ("unix:/run/g.sock", .unix(path: "/run/g.sock")),
    ])
  func forms(text: String, endpoint: Endpoint) {
    #expect(Endpoint(text) == endpoint)
    #expect(endpoint.description == text)
  }

  @Test("others are not", arguments: ["", "host", ":1", "host:", "host:65536", "host:x", "::1:80", "unix:", "[]:1"])
  func malformed(text: String) { #expect(Endpoint(text) == nil) }

  @Test("a Unix path that the kernel has no room for is refused")
  func longPath() {
    let path = "/" + String(repeating: "x", count: 107)
    #expect(Endpoint("unix:\(path)") == nil)
    #expect(throws: TransportError.self) { try SocketAddress.resolve(.unix(path: path), passive: true) }
  }
}

import Wire

/// What a side says first: the payload of HELLO (gatehouse.proto, `Hello` and `Limits`).
///
///     protocol_version  1  varint
///     capabilities      2  repeated text
///     limits            3  { max_payload_bytes 1, max_calls_in_flight 2, idle_timeout_ms 3 }, varints
///     agent             4  text, at most 128 bytes
///
/// Written by hand because the transport stands below the generated messages.
public struct PeerHello: Sendable, Hashable {
  /// The highest version of the frame protocol that the sender speaks.
  public var protocolVersion = Opening.protocolVersion
  /// Optional behaviour the sender understands; none is defined in version 1.
  public var capabilities: [String] = []
  /// The longest payload of one frame that the sender accepts; 0 is the protocol's default.
  public var maxPayloadBytes: UInt32 = 0
  /// Calls in flight that the sender accepts; 0 is the protocol's default.
  public var maxCallsInFlight: UInt32 = 0
  /// How long the sender keeps an idle connection; 0 is the protocol's default.
  public var idleTimeoutMilliseconds: UInt32 = 0
  /// Who is speaking: `checkout/1.4`. At most `maxAgentBytes`.
  public var agent = ""

  /// The longest `agent`, in bytes of UTF-8.
  public static let maxAgentBytes = 128
  /// The longest payload that HELLO may have.
  public static let maxByteCount = 4096
  /// The lowest limit on payloads that a peer may set: any smaller and it could not be told why it was refused.
  public static let lowestMaxPayloadBytes = 65_536

  public init(agent: String = "") { self.agent = agent }
}

extension PeerHello {
  /// The message's bytes.
  var payload: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.maxByteCount) { buffer, count in
      var writer = WireWriter(UnsafeMutableRawBufferPointer(buffer))
      writer.writeNumber(1, protocolVersion)
      for capability in capabilities { writer.writeText(2, capability[...]) }
      writer.writeMessage(WireTag(3, .lengthDelimited)) { limits in
        limits.writeNumber(1, maxPayloadBytes)
        limits.writeNumber(2, maxCallsInFlight)
        limits.writeNumber(3, idleTimeoutMilliseconds)
      }
      writer.writeText(4, agent.prefix(utf8Bytes: Self.maxAgentBytes))
      // Only a list of capabilities beyond all reason overflows; then nothing but defaults is said.
      count = writer.hasOverflowed ? 0 : writer.count
    }
  }

  /// The bytes that open a connection: the magic, then HELLO.
  var opening: [UInt8] { Opening.magic + FrameHeader(.hello).frame(payload: payload) }

  init(payload: UnsafeRawBufferPointer) throws(WireError) {
    protocolVersion = 0
    var reader = WireReader(payload)
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      switch tag {
      case WireTag(1, .varint): protocolVersion = try reader.readNumber()
      case WireTag(2, .lengthDelimited): capabilities.append(try reader.readText().text(in: payload))
      case WireTag(3, .lengthDelimited):
        let outer = try reader.enterMessage()
        try readLimits(from: &reader)
        reader.leaveMessage(outer)
      case WireTag(4, .lengthDelimited):
        agent = String(try reader.readText().text(in: payload).prefix(utf8Bytes: Self.maxAgentBytes))
      default: try reader.skip(tag)
      }
    }
  }

  private mutating func readLimits(from reader: inout WireReader) throws(WireError) {
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      switch tag {
      case WireTag(1, .varint): maxPayloadBytes = try reader.readNumber()
      case WireTag(2, .varint): maxCallsInFlight = try reader.readNumber()
      case WireTag(3, .varint): idleTimeoutMilliseconds = try reader.readNumber()
      default: try reader.skip(tag)
      }
    }
  }
}

extension WireWriter {
  fileprivate mutating func writeNumber(_ number: UInt32, _ value: UInt32) {
    guard value != 0 else { return }
    writeTag(WireTag(number, .varint))
    writeVarint(UInt64(value))
  }
}

extension WireReader {
  fileprivate mutating func readNumber() throws(WireError) -> UInt32 {
    UInt32(truncatingIfNeeded: try readVarint())
  }
}

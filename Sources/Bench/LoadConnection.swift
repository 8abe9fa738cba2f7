import Wire

/// One connection under load: its calls in flight and the bytes on their way, in fixed memory.
struct LoadConnection {
  /// Longer frames end the connection: a decision has a few hundred bytes, and 1 MiB at most.
  static let inputBytes = (1 << 20) + readBytes
  private static let readBytes = 256 << 10
  /// Room for PONGs beside the requests.
  private static let spareOutputBytes = 4_096

  let socket: LoadSocket
  private(set) var calls: CallTable
  private(set) var output: OutputBuffer
  private let input: UnsafeMutableRawBufferPointer
  private var inputCount = 0
  /// Calls in flight at most.
  let depth: Int
  private(set) var isOpen = true
  /// The server has said that it takes no more calls.
  private(set) var isDraining = false
  /// Whether the epoll set tells when the socket takes bytes again.
  var waitsToWrite = false

  /// `unread` is what arrived behind the opening.
  init(socket: LoadSocket, unread: [UInt8], depth: Int, maximumFrameBytes: Int) {
    self.socket = socket
    self.depth = depth
    calls = CallTable(capacity: depth)
    output = OutputBuffer(capacity: depth * maximumFrameBytes + Self.spareOutputBytes)
    input = .allocate(byteCount: Self.inputBytes, alignment: 64)
    let kept = unread.prefix(Self.inputBytes)
    input.copyBytes(from: kept)
    inputCount = kept.count
  }

  /// Whether another call may begin.
  var hasRoom: Bool { isOpen && !isDraining && calls.count < depth }

  /// Appends a request that begins at `start`; `hasRoom`. Returns the frame's bytes.
  mutating func send(_ request: RequestSource.Request, of source: RequestSource, at start: UInt64) throws(BenchError)
    -> Int
  {
    guard calls.hasIDs else { throw .connection("the connection has used all its call ids") }
    guard let place = output.place(for: source.maximumFrameBytes) else {
      throw .connection("requests do not fit the buffer made for them")
    }
    let call = calls.begin(at: start, isEvaluation: source.kind(of: request) == .evaluate)
    let count = source.write(request, call: call, to: place)
    output.append(count)
    return count
  }

  mutating func flush() throws(BenchError) {
    if !output.isEmpty { try output.flush(to: socket) }
  }

  /// Reads once and counts every answer in it; returns how many there were.
  mutating func receive(counting interval: inout Interval, in window: Window) throws(BenchError) -> Int {
    let free = UnsafeMutableRawBufferPointer(rebasing: input[inputCount...].prefix(Self.readBytes))
    guard let count = try socket.read(into: free) else { return 0 }
    guard count > 0 else { throw .connection("the server closed the connection") }
    inputCount += count
    let now = Monotonic.now()
    if window.contains(now) { interval.bytesReceived &+= UInt64(count) }
    let answers = try takeFrames(at: now, counting: &interval, in: window)
    guard !isDraining || calls.count > 0 else { throw .connection("the server takes no more calls") }
    guard inputCount < input.count else { throw .connection("the server sent a frame above \(input.count) bytes") }
    return answers
  }

  private mutating func takeFrames(
    at now: UInt64, counting interval: inout Interval, in window: Window
  ) throws(BenchError) -> Int {
    var offset = 0
    var answers = 0
    while let frame = try Self.split(UnsafeRawBufferPointer(rebasing: input[offset..<inputCount])) {
      if frame.header.rawKind == FrameKind.response.rawValue {
        guard let call = calls.end(frame.header.call) else {
          throw .connection("the server answered call \(frame.header.call), which was not open")
        }
        interval.countAnswer(frame, to: call, at: now, in: window)
        answers += 1
      } else {
        try take(frame)
      }
      offset += frame.byteCount
    }
    if offset > 0, offset < inputCount, let base = input.baseAddress {
      base.copyMemory(from: base + offset, byteCount: inputCount - offset)
    }
    inputCount -= offset
    return answers
  }

  /// Frames of the connection.
  private mutating func take(_ frame: Frame) throws(BenchError) {
    switch frame.header.kind {
    case .ping:
      guard let place = output.place(for: frame.byteCount) else { return }
      FrameHeader(.pong, value: frame.header.value, payloadByteCount: frame.payload.count).store(to: place)
      UnsafeMutableRawBufferPointer(start: place + FrameHeader.byteCount, count: frame.payload.count)
        .copyMemory(from: frame.payload)
      output.append(frame.byteCount)
    case .goAway: isDraining = true
    case .pong: break
    default: throw .connection("the server sent a frame of kind \(frame.header.rawKind) that was not asked for")
    }
  }

  /// Closes the socket and gives its calls up; `body` is told when each began.
  mutating func close(_ body: (UInt64) -> Void) {
    guard isOpen else { return }
    isOpen = false
    calls.endAll(body)
    socket.close()
    output.deallocate()
    input.deallocate()
  }

  private static func split(_ bytes: UnsafeRawBufferPointer) throws(BenchError) -> Frame? {
    do {
      return try Frame.split(bytes, maxPayloadBytes: inputBytes)
    } catch {
      throw .connection("the server sent what is no frame: \(error)")
    }
  }
}

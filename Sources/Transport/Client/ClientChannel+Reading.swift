import Wire

extension ClientChannel {
  /// Why `collect` came back.
  private enum Pause {
    case needsMore
    case act(ClientConnectionMachine.Action, Frame)
    case malformed(FrameError)
  }

  /// Reads what is there, at most `bytesPerRead`, and hands over its answers.
  func read() {
    guard let socket else { return }
    let arena = queue.arena.base
    let room = input.begin(arena, byteCount: ClientQueue.bytesPerRead, maxPayloadBytes: maxPayloadBytes)
    let count: Int
    do throws(Errno) {
      count = try socket.read(into: room)
    } catch {
      if error != .wouldBlock { close(RPCError(.unavailable, "the connection was lost: \(error)")) }
      return
    }
    guard count > 0 else { return close(RPCError(.unavailable, "the server closed the connection")) }
    machine.noteReceived(now: queue.currentTime)
    let bytes = input.end(arena, count: count)
    let consumed = takeFrames(bytes)
    if machine.state != .closed { input.keep(bytes, from: consumed) }
  }

  private var maxPayloadBytes: Int {
    machine.state == .ready || machine.state == .draining ? options.maxPayloadBytes : PeerHello.maxByteCount
  }

  /// Takes the frames of `bytes`; how many bytes were used.
  private func takeFrames(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    if machine.state == .awaitingMagic {
      guard let verdict = Opening.verdict(bytes) else { return 0 }
      guard verdict == .magic else {
        close(ClientConnectionMachine.Failure.notTheProtocol.error)
        return bytes.count
      }
      machine.acceptMagic()
      offset = Opening.magic.count
    }
    while machine.takesFrames {
      switch collect(bytes, from: &offset) {
      case .needsMore: return offset
      case .act(let action, let frame): perform(action, frame)
      case .malformed(let error): fail(.frame(error))
      }
    }
    return bytes.count
  }

  /// Hands over the answers up to the first frame that is something else.
  private func collect(_ bytes: UnsafeRawBufferPointer, from offset: inout Int) -> Pause {
    let limit = maxPayloadBytes
    let answers = queue.answers
    var count = 0
    defer { if count > 0 { deliver(count) } }
    while true {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      let frame: Frame
      do throws(FrameError) {
        guard let next = try Frame.split(rest, maxPayloadBytes: limit) else { return .needsMore }
        frame = next
      } catch {
        return .malformed(error)
      }
      offset &+= frame.byteCount
      let header = frame.header
      let action = machine.receive(header)
      guard case .answer = action else { return .act(action, frame) }
      let status = StatusCode(exactly: header.value) ?? .unknown
      (answers + count).initialize(
        to: Answer(
          call: header.call, status: status, isItem: header.rawKind == FrameKind.item.rawValue, payload: frame.payload))
      count &+= 1
    }
  }

  private func deliver(_ count: Int) {
    handler?.received(self, AnswerBatch(UnsafeBufferPointer(start: queue.answers, count: count)))
    flush()
  }

  private func perform(_ action: ClientConnectionMachine.Action, _ frame: Frame) {
    switch action {
    case .ignore, .answer: break
    case .hello: readHello(frame.payload)
    case .pong: append(FrameHeader(.pong, value: frame.header.value), frame.payload)
    case .goAway(let code):
      handler?.goingAway(self, lastCall: frame.header.call, RPCError(code, payload: frame.payload))
    case .fail(let failure): fail(failure)
    }
  }

  private func readHello(_ payload: UnsafeRawBufferPointer) {
    guard let hello = try? PeerHello(payload: payload) else { return fail(.helloMalformed) }
    if case .fail(let failure) = machine.acceptHello(hello) { return fail(failure) }
    handler?.opened(self, hello: hello)
  }

  private func fail(_ failure: ClientConnectionMachine.Failure) { close(failure.error) }
}

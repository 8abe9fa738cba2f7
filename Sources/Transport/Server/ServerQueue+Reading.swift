import Wire

extension ServerQueue {
  /// Why `collect` came back.
  private enum Pause {
    /// The connection's turn is over.
    case turnIsOver
    /// The rest is no whole frame.
    case needsMore
    /// The next frame asks for something else than to be batched.
    case act(ServerAction, Frame)
    /// The next bytes are no frame.
    case malformed(FrameError)
  }

  /// Reads what is there, at most `bytesPerRead`, and takes a turn's frames of it.
  func read(_ connection: ServerConnection) {
    if recordCount >= Self.fullBatchCalls || readArena.room < 2 * Self.bytesPerRead { deliverBatch() }
    // Answering may have found the socket broken, or the connection's last call answered.
    guard !connection.isGone else { return }
    if connection.machine.state == .closing { return discard(connection) }
    precondition(readArena.room >= 2 * Self.bytesPerRead, "a read may not go beyond the arena")
    let start = readArena.end
    let room = connection.input.begin(
      start, byteCount: Self.bytesPerRead, maxPayloadBytes: connection.machine.maxPayloadBytes)
    guard let count = receive(connection, room) else { return }
    let bytes = connection.input.end(start, count: count)
    let (consumed, isTurnOver) = takeFrames(bytes, connection)
    if !connection.input.isLongFrame {
      readArena.used += consumed
    } else if consumed > 0 {
      // The calls' payloads lie in the connection's own buffer: they must be answered before it goes.
      deliverBatch()
    }
    keep(bytes, from: consumed, isTurnOver, connection)
  }

  /// Gives a turn to each connection that has had frames aside since the round before.
  func takeFramesAside() {
    guard !due.isEmpty || !aside.isEmpty else { return }
    if now == 0 { now = clock.now() }
    for connection in due {
      connection.isAside = false
      if connection.hasFramesAside && !connection.isGone && !connection.isPaused { takeFramesAside(connection) }
    }
    due.removeAll(keepingCapacity: true)
    swap(&due, &aside)
  }

  /// Its turn comes in the next round.
  func giveTurn(_ connection: ServerConnection) {
    if connection.isAside { return }
    connection.isAside = true
    aside.append(connection)
  }

  private func takeFramesAside(_ connection: ServerConnection) {
    if recordCount >= Self.fullBatchCalls { deliverBatch() }
    guard connection.hasFramesAside else { return }
    let (consumed, isTurnOver) = takeFrames(connection.input.bytes, connection)
    // The calls' payloads lie in the connection's own buffer: they must be answered before it moves on.
    deliverBatch()
    guard connection.hasFramesAside else { return }
    connection.input.consume(consumed)
    noteKept(isTurnOver, wholeFrames: consumed > 0, connection)
  }

  /// The bytes read; nil when there are none now, or no more.
  private func receive(_ connection: ServerConnection, _ room: UnsafeMutableRawBufferPointer) -> Int? {
    do throws(Errno) {
      let count = try connection.socket.read(into: room)
      counters.bytesRead &+= UInt64(count)
      if count > 0 { return count }
      peerEnded(connection)
    } catch {
      if error != .wouldBlock { lose(connection) }
    }
    return nil
  }

  private func keep(
    _ bytes: UnsafeRawBufferPointer, from consumed: Int, _ isTurnOver: Bool, _ connection: ServerConnection
  ) {
    guard !connection.isGone, connection.machine.state != .closing else { return }
    connection.input.keep(bytes, from: consumed)
    noteKept(isTurnOver, wholeFrames: consumed > 0, connection)
  }

  /// Adjusts to what is held of a connection's input: frames aside, if its turn is over, or else a part of one.
  private func noteKept(_ isTurnOver: Bool, wholeFrames: Bool, _ connection: ServerConnection) {
    let kept = connection.input.count
    connection.hasFramesAside = isTurnOver && kept > 0
    if connection.hasFramesAside { giveTurn(connection) }
    let isPartial = kept > 0 && !connection.hasFramesAside
    connection.machine.noteReceived(wholeFrames: wholeFrames, partialFrame: isPartial, now: now)
    guard kept != connection.unfinishedBytes else { return }
    unfinishedBytes += kept - connection.unfinishedBytes
    connection.unfinishedBytes = kept
    if isPartial { arm(connection, at: now + machineLimits.slowFrame) }
    if unfinishedBytes > limits.maxUnfinishedBytes { fail(connection, .unfinishedBytes) }
  }

  /// Takes a turn's frames of `bytes`; how many bytes were used, all of them when the connection ends here, and whether
  /// there may be more.
  private func takeFrames(
    _ bytes: UnsafeRawBufferPointer, _ connection: ServerConnection
  ) -> (consumed: Int, isTurnOver: Bool) {
    var offset = 0
    if connection.machine.state == .awaitingMagic {
      guard open(connection, bytes) else { return (connection.machine.state == .closing ? bytes.count : 0, false) }
      offset = Opening.magic.count
    }
    // Frames are put aside only while there is room for them.
    var framesLeft = unfinishedBytes > limits.maxUnfinishedBytes / 2 ? Int.max : Self.framesPerTurn
    while connection.machine.takesFrames && !connection.isGone {
      switch collect(bytes, from: &offset, slot: connection.key.slot, &connection.machine, &framesLeft) {
      case .needsMore: return (offset, false)
      case .turnIsOver: return (offset, true)
      case .act(let action, let frame): perform(action, frame, connection)
      case .malformed(let error): fail(connection, .frame(error))
      }
    }
    return (bytes.count, false)
  }

  /// Judges the first bytes; true when they are the magic.
  private func open(_ connection: ServerConnection, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let verdict = Opening.verdict(bytes) else { return false }
    guard verdict == .magic else {
      fail(connection, .opening(verdict))
      return false
    }
    connection.machine.acceptMagic()
    say(opening, to: connection)
    return true
  }

  /// Gathers batched calls until something else comes: the loop that everything is built around.
  private func collect(
    _ bytes: UnsafeRawBufferPointer, from offset: inout Int, slot: UInt32, _ machine: inout ServerConnectionMachine,
    _ framesLeft: inout Int
  ) -> Pause {
    let maxPayloadBytes = machine.maxPayloadBytes
    let first = recordCount
    var count = first
    var frames = 0
    defer {
      recordCount = count
      counters.framesRead &+= UInt64(frames)
      framesLeft &-= frames
    }
    while frames < framesLeft {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      let frame: Frame
      do throws(FrameError) {
        guard let next = try Frame.split(rest, maxPayloadBytes: maxPayloadBytes) else { return .needsMore }
        frame = next
      } catch {
        return .malformed(error)
      }
      offset &+= frame.byteCount
      frames &+= 1
      let header = frame.header
      let action = machine.receive(header, now: now)
      guard case .dispatch = action, methodKinds[Int(header.method)] == .batched,
        let payload = frame.payload.baseAddress
      else { return .act(action, frame) }
      records[count] = CallRecord(
        payload: payload, payloadByteCount: UInt32(truncatingIfNeeded: frame.payload.count), call: header.call,
        deadline: deadline(header.value), slot: slot, method: header.method)
      count &+= 1
    }
    return .turnIsOver
  }

  /// When a call is over that has `microseconds` left; 0 says nothing.
  @inline(__always)
  func deadline(_ microseconds: UInt32) -> UInt64 {
    if microseconds == 0 { return .max }
    let deadline = now &+ UInt64(microseconds) &* 1000
    if deadline < earliestDeadline { earliestDeadline = deadline }
    return deadline
  }

  /// The connection is over; what still comes is read so that the peer is not reset before it has our last words.
  private func discard(_ connection: ServerConnection) {
    _ = receive(
      connection, UnsafeMutableRawBufferPointer(start: readArena.end, count: min(readArena.room, Self.bytesPerRead)))
  }

  /// The peer sends nothing more: accepted calls of the batch are answered, tasks have nobody to answer.
  private func peerEnded(_ connection: ServerConnection) {
    deliverBatch()
    connection.hasPeerEnded = true
    guard connection.machine.state != .closing else { return lose(connection) }
    stopCalls(of: connection)
    updateInterest(connection)
    // It may have been draining before, and its last calls be those that were just stopped.
    if connection.machine.drain() == .finish || connection.machine.isFinished { finish(connection) }
  }
}

import Wire

extension ServerQueue {
  // MARK: Answers of batches

  func count(refusal status: StatusCode) { counters.refusals[status] += 1 }

  /// Writes each segment with one call; what a socket does not take waits in its connection.
  func send(_ segments: UnsafeBufferPointer<ReplySegment>, arena: UnsafeRawPointer) {
    for segment in segments {
      guard let connection = slots[Int(segment.slot)], !connection.isGone else { continue }
      connection.machine.answered(Int(segment.answers))
      let bytes = UnsafeRawBufferPointer(start: arena + segment.start, count: segment.end - segment.start)
      write(bytes, to: connection)
      if connection.machine.isFinished { finish(connection) }
    }
  }

  /// Sends bytes now if nothing waits before them.
  private func write(_ bytes: UnsafeRawBufferPointer, to connection: ServerConnection) {
    guard connection.outgoing.isEmpty else {
      connection.outgoing.append(bytes)
      pauseIfFull(connection)
      markDirty(connection)
      return letGoIfTooMuch(connection)
    }
    do throws(Errno) {
      let count = try connection.socket.write(bytes)
      counters.bytesWritten &+= UInt64(count)
      guard count < bytes.count else { return }
      connection.outgoing.append(UnsafeRawBufferPointer(rebasing: bytes[count...]))
      noteBlocked(connection, true)
    } catch {
      lose(connection)
    }
  }

  // MARK: Deferred answers

  /// Sends answers to deferred calls: a chain through the replies for each connection, then one write for each.
  func complete(_ replies: DeferredReplies) {
    var next = [Int](repeating: -1, count: replies.count)
    var touched: [ServerConnection] = []
    for (position, reply) in replies.replies.enumerated() where reply.token.queue == index {
      guard let connection = connection(reply.token.connection), !connection.isGone else { continue }
      if connection.firstReply < 0 {
        connection.firstReply = position
        touched.append(connection)
      } else {
        next[connection.lastReply] = position
      }
      connection.lastReply = position
    }
    replies.frames.withUnsafeBytes { frames in
      for connection in touched { sendChain(replies, frames, next, connection) }
    }
  }

  private func sendChain(
    _ replies: DeferredReplies, _ frames: UnsafeRawBufferPointer, _ next: [Int], _ connection: ServerConnection
  ) {
    var position = connection.firstReply
    (connection.firstReply, connection.lastReply) = (-1, -1)
    var used = 0
    var answers = 0
    while position >= 0 {
      let reply = replies.replies[position]
      let frame = UnsafeRawBufferPointer(rebasing: frames[reply.start..<reply.start + reply.byteCount])
      answers += 1
      if reply.byteCount - FrameHeader.byteCount > connection.peerMaxPayloadBytes {
        respond(.failure(Self.tooLong(reply.byteCount, connection)), reply.token.call, connection)
      } else {
        if reply.status != .ok { counters.refusals[reply.status] += 1 }
        if used + frame.count > writeArena.capacity { used = writeArenaContents(used, to: connection) }
        if frame.count > writeArena.capacity {
          write(frame, to: connection)
        } else {
          UnsafeMutableRawBufferPointer(start: writeArena.base + used, count: frame.count).copyMemory(from: frame)
          used += frame.count
        }
      }
      position = next[position]
    }
    _ = writeArenaContents(used, to: connection)
    guard !connection.isGone else { return }
    connection.machine.answered(answers)
    if connection.machine.isFinished { finish(connection) }
  }

  /// Sends the first `used` bytes of the write arena; how many are used afterwards: none.
  private func writeArenaContents(_ used: Int, to connection: ServerConnection) -> Int {
    if used > 0, !connection.isGone {
      write(UnsafeRawBufferPointer(start: writeArena.base, count: used), to: connection)
    }
    return 0
  }

  // MARK: Frames off the hot path

  /// Bytes to send at the round's end.
  func say(_ bytes: [UInt8], to connection: ServerConnection) {
    guard !connection.isGone else { return }
    connection.outgoing.append(bytes)
    pauseIfFull(connection)
    markDirty(connection)
  }

  /// A RESPONSE to send at the round's end.
  func respond(_ result: Result<[UInt8], RPCError>, _ call: UInt32, _ connection: ServerConnection) {
    switch result {
    case .success(let payload) where payload.count > connection.peerMaxPayloadBytes:
      respond(.failure(Self.tooLong(payload.count, connection)), call, connection)
    case .success(let payload):
      say(FrameHeader(.response, call: call).frame(payload: payload), to: connection)
    case .failure(let error):
      counters.refusals[error.code] += 1
      let header = FrameHeader(.response, call: call, value: UInt32(error.code.rawValue))
      say(header.frame(payload: error.payload), to: connection)
    }
  }

  private func markDirty(_ connection: ServerConnection) {
    guard !connection.isDirty else { return }
    connection.isDirty = true
    dirty.append(connection)
  }

  func flushDirty() {
    // Flushing may pump streams, which make connections dirty again: by index, until none is left.
    var index = 0
    while index < dirty.count {
      let connection = dirty[index]
      connection.isDirty = false
      if connection.isBlocked { letGoIfTooMuch(connection) } else { flush(connection) }
      index += 1
    }
    dirty.removeAll(keepingCapacity: true)
  }

  /// Sends what waits, as far as the socket takes it.
  func flush(_ connection: ServerConnection) {
    guard !connection.isGone else { return }
    do throws(Errno) {
      if !connection.outgoing.isEmpty {
        let count = try connection.socket.write(connection.outgoing.bytes)
        counters.bytesWritten &+= UInt64(count)
        connection.outgoing.consume(count)
        noteBlocked(connection, count > 0)
      }
    } catch {
      return lose(connection)
    }
    guard !connection.isGone else { return }
    if connection.outgoing.count <= limits.maxUnreadBytes / 2 { resume(connection) }
    if connection.outgoing.isEmpty, connection.machine.state == .closing { closeWhenRead(connection) }
  }

  /// Adjusts to whether bytes are left over after a write.
  private func noteBlocked(_ connection: ServerConnection, _ madeProgress: Bool) {
    let isBlocked = !connection.outgoing.isEmpty
    if madeProgress || !connection.isBlocked { connection.machine.noteUnread(isBlocked, now: now) }
    connection.isBlocked = isBlocked
    if isBlocked { arm(connection, at: now + machineLimits.stalledWrite) }
    pauseIfFull(connection)
    updateInterest(connection)
    letGoIfTooMuch(connection)
  }

  /// Counts what waits for the peer. When peers that do not read leave too much together, the one that adds to it is
  /// closed; it would not read why.
  private func letGoIfTooMuch(_ connection: ServerConnection) {
    countUnread(connection)
    guard connection.isBlocked, unreadBytes > limits.maxUnreadBytesOfAll, !connection.isGone else { return }
    counters.limitsExceeded += 1
    lose(connection)
  }

  /// Brings the queue's sum up to date with what waits for the peer.
  func countUnread(_ connection: ServerConnection) {
    unreadBytes += connection.outgoing.count - connection.countedUnreadBytes
    connection.countedUnreadBytes = connection.outgoing.count
  }

  /// A peer that does not read is not read either, once too much waits for it.
  private func pauseIfFull(_ connection: ServerConnection) {
    guard connection.isBlocked, !connection.isPaused, connection.outgoing.count > limits.maxUnreadBytes else { return }
    connection.isPaused = true
    counters.backPressure += 1
    updateInterest(connection)
  }

  /// The peer has read enough: it is read again, and its streams go on.
  private func resume(_ connection: ServerConnection) {
    if connection.isPaused {
      connection.isPaused = false
      if connection.hasFramesAside { giveTurn(connection) }
      updateInterest(connection)
    }
    for call in connection.calls.keys.sorted() { pump(connection, call) }
  }

  func updateInterest(_ connection: ServerConnection) {
    let wanted = connection.wantedInterest
    guard wanted != connection.interest, !connection.isGone else { return }
    connection.interest = wanted
    do throws(Errno) {
      try epoll.modify(connection.socket, key: connection.key.rawValue, events: wanted)
    } catch {
      lose(connection)
    }
  }

  // MARK: Ends

  /// Every accepted call is answered: flush, then close.
  func finish(_ connection: ServerConnection) {
    connection.machine.beginClosing(now: now)
    forgetInput(of: connection)
    rearm(connection)
    updateInterest(connection)
    markDirty(connection)
  }

  /// Ends a connection: the calls gathered from it are answered, then it is told why, then closed.
  func fail(_ connection: ServerConnection, _ failure: ConnectionFailure) {
    guard connection.machine.state != .closing, !connection.isGone else { return }
    deliverBatch()
    count(failure)
    let words = LastWords.bytes(for: failure, state: connection.machine.state, lastCall: connection.machine.lastCall)
    stopCalls(of: connection)
    if words.isEmpty { return lose(connection) }
    say(words, to: connection)
    finish(connection)
  }

  /// Our last words are sent. The descriptor stays until the peer ends too, or for `closeTimeout`: closing with bytes
  /// unread would reset the connection and take the words from the peer.
  private func closeWhenRead(_ connection: ServerConnection) {
    if connection.hasPeerEnded { return lose(connection) }
    connection.socket.finishWriting()
  }

  private func count(_ failure: ConnectionFailure) {
    switch failure {
    case .opening: counters.refusedOpening += 1
    case .tooManyConnections: counters.refusedOverLimit += 1
    case .outOfDescriptors: counters.refusedOutOfDescriptors += 1
    case .handshakeTimeout, .slowFrame, .stalledWrite, .keepaliveTimeout, .idle, .drainTimeout: counters.timeouts += 1
    case .pingFlood, .cancelFlood, .unfinishedBytes: counters.limitsExceeded += 1
    default: counters.protocolErrors += 1
    }
  }
}

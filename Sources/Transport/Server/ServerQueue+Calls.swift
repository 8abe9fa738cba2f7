import Wire

extension ServerQueue {
  /// Does what a frame asks for off the hot path.
  func perform(_ action: ServerAction, _ frame: Frame, _ connection: ServerConnection) {
    let call = frame.header.call
    switch action {
    case .ignore: break
    case .dispatch: start(frame, connection)
    case .refuse:
      counters.callsOverLimit += 1
      let message = "more than \(limits.maxCallsInFlight) calls in flight on this connection"
      respond(.failure(RPCError(.resourceExhausted, message, retry: .after(milliseconds: 10))), call, connection)
    case .hello: readHello(frame.payload, connection)
    case .pong:
      let header = FrameHeader(.pong, value: frame.header.value)
      say(header.frame(payload: Array(frame.payload)), to: connection)
    case .granted: pump(connection, call)
    case .cancel:
      counters.callsCancelled += 1
      end(call, connection, RPCError(.cancelled, "cancelled by the client"))
    case .finish: finish(connection)
    case .fail(let failure): fail(connection, failure)
    }
  }

  private func readHello(_ payload: UnsafeRawBufferPointer, _ connection: ServerConnection) {
    guard let hello = try? PeerHello(payload: payload) else { return fail(connection, .helloMalformed) }
    if case .fail(let failure) = connection.machine.acceptHello(hello, now: now) { return fail(connection, failure) }
    connection.agent = hello.agent
    if hello.maxPayloadBytes > 0 { connection.peerMaxPayloadBytes = Int(hello.maxPayloadBytes) }
    rearm(connection)
  }

  // MARK: Batches

  /// Hands the gathered calls to the handler and sends its answers. Afterwards nothing refers to the read arena: it is
  /// emptied, also when what it held were no batched calls.
  func deliverBatch() {
    defer { readArena.used = 0 }
    guard recordCount > 0 else { return }
    if earliestDeadline != .max { expireGathered() }
    let count = recordCount
    recordCount = 0
    if count > 0 {
      counters.callsBatched &+= UInt64(count)
      counters.batches &+= 1
      var batch = CallBatch(
        self, records: records, count: count, arrival: now, arena: writeArena.base, arenaCapacity: writeArena.capacity,
        segments: segments)
      batchHandler.handle(&batch)
      while batch.next < count { batch.refuse(batch.next, RPCError(.internal, "the call was left unanswered")) }
      batch.flush()
    }
  }

  /// Answers the gathered calls whose time is over; they never reach the handler.
  private func expireGathered() {
    let now = clock.now()
    defer { earliestDeadline = .max }
    guard earliestDeadline <= now else { return }
    var kept = 0
    for index in 0..<recordCount {
      let record = records[index]
      if record.deadline > now {
        records[kept] = record
        kept += 1
      } else if let connection = slots[Int(record.slot)] {
        counters.callsExpired += 1
        connection.machine.answered(1)
        respond(.failure(Self.expired), record.call, connection)
        if connection.machine.isFinished { finish(connection) }
      }
    }
    recordCount = kept
  }

  static let expired = RPCError(.deadlineExceeded, "time ran out before the call was begun")

  func token(for record: CallRecord) -> ReplyToken {
    let key = ConnectionKey(slot: record.slot, generation: generations[Int(record.slot)])
    return ReplyToken(queue: index, connection: key, call: record.call)
  }

  // MARK: Tasks

  /// Begins a call that is not batched, or says why not. The machine counts it in flight already.
  private func start(_ frame: Frame, _ connection: ServerConnection) {
    let call = frame.header.call
    guard let handler = handlers[frame.header.method] else {
      counters.callsUnimplemented += 1
      connection.machine.answered(1)
      let error = RPCError(.unimplemented, "this server has no method \(frame.header.method)")
      return respond(.failure(error), call, connection)
    }
    guard runningTasks < limits.maxTasks, taskRequestBytes + frame.payload.count <= limits.maxTaskRequestBytes else {
      counters.callsOverLimit += 1
      connection.machine.answered(1)
      let error = RPCError(.resourceExhausted, "too many calls are running", retry: .after(milliseconds: 100))
      return respond(.failure(error), call, connection)
    }
    let deadline = frame.header.value == 0 ? UInt64.max : now + UInt64(frame.header.value) * 1000
    let context = CallContext(method: frame.header.method, deadline: deadline, agent: connection.agent)
    let request = Array(frame.payload)
    runningTasks += 1
    taskRequestBytes += request.count
    counters.tasksStarted += 1
    switch handler {
    case .unary(let body):
      connection.machine.open(call, isStream: false, deadline: deadline)
      connection.calls[call] = unaryCall(connection.key, call, request.count) { () async throws(RPCError) in
        try await body(context, request)
      }
    case .stream(let body):
      connection.machine.open(call, isStream: true, deadline: deadline)
      connection.calls[call] = streamCall(connection.key, call, request.count) { (writer) async throws(RPCError) in
        try await body(context, request, writer)
      }
    }
    arm(connection, at: deadline)
  }

  private func unaryCall(
    _ key: ConnectionKey, _ call: UInt32, _ requestBytes: Int,
    _ body: @escaping @Sendable () async throws(RPCError) -> [UInt8]
  ) -> ServerConnection.RunningCall {
    let mailbox = mailbox
    let task = Task {
      let result: Result<[UInt8], RPCError>
      do throws(RPCError) { result = .success(try await body()) } catch { result = .failure(error) }
      mailbox.post(.ended(key, call: call, result, requestBytes: requestBytes))
    }
    return ServerConnection.RunningCall(task: task, stream: nil, outcome: nil)
  }

  private func streamCall(
    _ key: ConnectionKey, _ call: UInt32, _ requestBytes: Int,
    _ body: @escaping @Sendable (StreamWriter) async throws(RPCError) -> Void
  ) -> ServerConnection.RunningCall {
    let mailbox = mailbox
    let stream = OutgoingStream(maxItems: limits.maxStreamBacklogItems, maxBytes: limits.maxStreamBacklogBytes) {
      mailbox.post(.items(key, call: call))
    }
    let task = Task {
      var result: Result<[UInt8], RPCError> = .success([])
      do throws(RPCError) { try await body(StreamWriter(stream: stream)) } catch { result = .failure(error) }
      mailbox.post(.ended(key, call: call, result, requestBytes: requestBytes))
    }
    return ServerConnection.RunningCall(task: task, stream: stream, outcome: nil)
  }

  /// A task returned: its answer leaves, a stream's once its items have.
  func taskEnded(_ key: ConnectionKey, _ call: UInt32, _ result: Result<[UInt8], RPCError>) {
    guard let connection = connection(key), !connection.isGone, let running = connection.calls[call] else { return }
    if running.stream != nil {
      running.stream?.end()
      connection.calls[call]?.outcome = result
      pump(connection, call)
    } else {
      answer(call, connection, result)
    }
  }

  /// Sends a stream's items as far as credit and the peer's reading allow, and its end when they are all gone.
  func pump(_ connection: ServerConnection, _ call: UInt32) {
    guard !connection.isGone, let running = connection.calls[call], let stream = running.stream else { return }
    var tooLong: Int?
    stream.drain(
      while: {
        tooLong == nil && connection.outgoing.count <= limits.maxUnreadBytes && connection.machine.takeCredit(call)
      },
      { item in
        if item.count > connection.peerMaxPayloadBytes { tooLong = item.count }
        if tooLong == nil { say(FrameHeader(.item, call: call).frame(payload: item), to: connection) }
      })
    if let tooLong { return end(call, connection, Self.tooLong(tooLong, connection)) }
    if let outcome = running.outcome, stream.isEmpty { answer(call, connection, outcome) }
  }

  static func tooLong(_ byteCount: Int, _ connection: ServerConnection) -> RPCError {
    RPCError(
      .resourceExhausted, "the answer has \(byteCount) bytes; the client takes \(connection.peerMaxPayloadBytes)")
  }

  /// Answers a task's call before its task has ended, and stops the task.
  func end(_ call: UInt32, _ connection: ServerConnection, _ error: RPCError) {
    if let running = connection.calls[call] {
      running.task.cancel()
      running.stream?.end()
    }
    answer(call, connection, .failure(error))
  }

  private func answer(_ call: UInt32, _ connection: ServerConnection, _ result: Result<[UInt8], RPCError>) {
    connection.calls[call] = nil
    guard connection.machine.close(call) else { return }
    respond(result, call, connection)
    if connection.machine.isFinished { finish(connection) }
  }

  /// Nobody waits for these calls any more.
  func stopCalls(of connection: ServerConnection) {
    for (call, running) in connection.calls {
      running.task.cancel()
      running.stream?.end()
      _ = connection.machine.close(call)
    }
    connection.calls.removeAll()
  }
}

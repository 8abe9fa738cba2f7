@preconcurrency import Dispatch
import Wire

/// One connection of a client, frame by frame, on its queue: for whoever wants millions of calls a second and is ready to
/// live on the queue. `ClientConnection` is for everybody else.
///
/// ```swift
/// func received(_ channel: ClientChannel, _ answers: AnswerBatch) {
///   for index in 0..<answers.count {
///     note(answers[index].call)
///     next += 1
///     channel.appendRequest(method: 1, call: next, payload: payload)
///   }
/// }
/// ```
/// All methods are for the queue only. Nothing allocates once buffers have grown to their size.
public final class ClientChannel: @unchecked Sendable {
  // @unchecked: touched on the queue only; every entry point from outside asserts it.
  public unowned let queue: ClientQueue
  private(set) var handler: (any ClientChannelHandler)?
  let options: ClientOptions
  var machine: ClientConnectionMachine
  private(set) var socket: Socket?
  private var addresses: [SocketAddress]
  var input = InputBuffer()
  private var output = ByteStore()
  private var slot = -1
  private(set) var key: UInt64 = 0
  private var isBlocked = false
  private var isDirty = false
  private var wakeAt = UInt64.max
  private var connectFailure = RPCError(.unavailable, "no address to connect to")

  init(_ queue: ClientQueue, addresses: [SocketAddress], options: ClientOptions, handler: any ClientChannelHandler) {
    self.queue = queue
    self.addresses = addresses.reversed()
    self.options = options
    self.handler = handler
    machine = ClientConnectionMachine(options: options, now: queue.currentTime)
  }

  deinit { socket?.close() }

  // MARK: For the handler

  /// Bytes appended and not yet taken by the system.
  public var unsentByteCount: Int { output.count }

  /// Whether calls may be appended.
  public var isReady: Bool { machine.state == .ready }

  /// Appends a REQUEST. `call` must be above every earlier one of this channel.
  /// - Parameter microseconds: time left for it; 0 states none.
  public func appendRequest(method: UInt16, call: UInt32, microseconds: UInt32 = 0, payload: UnsafeRawBufferPointer) {
    let header = FrameHeader(
      .request, method: method, call: call, value: microseconds, payloadByteCount: payload.count)
    append(header, payload)
  }

  /// Grants items to a stream.
  public func appendCredit(call: UInt32, items: UInt32) { append(FrameHeader(.credit, call: call, value: items)) }

  /// Asks to stop a call.
  public func appendCancel(call: UInt32) { append(FrameHeader(.cancel, call: call)) }

  /// Sends what was appended now, rather than at the round's end.
  public func flush() {
    isDirty = false
    guard let socket, machine.state != .connecting, !isBlocked, !output.isEmpty else { return }
    do throws(Errno) {
      output.consumeKeepingCapacity(try socket.write(output.bytes))
      setBlocked(!output.isEmpty)
    } catch {
      close(RPCError(.unavailable, "cannot write to the server: \(error)"))
    }
  }

  /// Has the handler's `timeReached` called at `time`, in monotonic nanoseconds; an earlier wish stands.
  public func wake(at time: UInt64) {
    guard time < wakeAt, machine.state != .closed else { return }
    wakeAt = time
    queue.arm(slot, at: time)
  }

  /// Closes now. The handler is told.
  public func close() { close(RPCError(.unavailable, "the connection was closed by the client")) }

  // MARK: Frames

  func append(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) {
    guard machine.state != .closed else { return }
    let size = FrameHeader.byteCount + payload.count
    let room = output.reserve(size)
    header.store(to: room)
    if let source = payload.baseAddress {
      (room + FrameHeader.byteCount).copyMemory(from: source, byteCount: payload.count)
    }
    output.commit(size)
    markDirty()
  }

  /// Appends whole frames.
  func append(frames: UnsafeRawBufferPointer) {
    guard machine.state != .closed else { return }
    output.append(frames)
    markDirty()
  }

  private func markDirty() {
    guard !isDirty else { return }
    isDirty = true
    queue.markDirty(self)
  }

  // MARK: Connecting

  /// Begins to connect to the next address; tells the handler when none is left.
  func connectNext() {
    queue.preconditionOnQueue()
    if slot < 0 {
      slot = queue.add(self)
      queue.arm(slot, at: machine.nextDeadline)
    }
    while let address = addresses.popLast() {
      do throws(Errno) {
        return try connect(to: address)
      } catch {
        connectFailure = RPCError(.unavailable, "cannot connect: \(error)")
        forgetSocket()
      }
    }
    close(connectFailure)
  }

  private func connect(to address: SocketAddress) throws(Errno) {
    let socket = try Socket.stream(family: address.family)
    self.socket = socket
    // Unix sockets have no delay to disable and refuse the option.
    try? socket.disableDelay()
    key = queue.nextKey(slot: slot)
    let isConnected = try socket.connect(to: address)
    try queue.epoll.add(socket, key: key, events: isConnected ? .readable : .writable)
    if isConnected { open() }
  }

  private func forgetSocket() {
    socket?.close()
    socket = nil
  }

  private func finishConnecting(_ socket: Socket) {
    do throws(Errno) {
      if let error = try socket.pendingError() { throw error }
      try queue.epoll.modify(socket, key: key, events: .readable)
      open()
    } catch {
      connectFailure = RPCError(.unavailable, "cannot connect: \(error)")
      forgetSocket()
      connectNext()
    }
  }

  private func open() {
    machine.connected()
    output.append(options.hello.opening)
    markDirty()
  }

  // MARK: Events

  func ready(_ events: EpollEvents) {
    guard let socket else { return }
    if machine.state == .connecting { return finishConnecting(socket) }
    if events.contains(.writable) {
      setBlocked(false)
      flush()
    }
    if events.contains(.readable) {
      read()
    } else if !events.isDisjoint(with: [.failed, .hungUp]) {
      close(RPCError(.unavailable, "the connection was lost"))
    }
  }

  func timeReached(now: UInt64) {
    switch machine.timerFired(now: now) {
    case .none: break
    case .ping: append(FrameHeader(.ping))
    case .fail(let failure): return close(failure.error)
    }
    if wakeAt <= now {
      wakeAt = .max
      handler?.timeReached(self, now: now)
    }
    guard machine.state != .closed else { return }
    queue.arm(slot, at: min(machine.nextDeadline, wakeAt))
  }

  private func setBlocked(_ blocked: Bool) {
    guard blocked != isBlocked, let socket else { return }
    isBlocked = blocked
    do throws(Errno) {
      try queue.epoll.modify(socket, key: key, events: blocked ? [.readable, .writable] : .readable)
    } catch {
      close(RPCError(.unavailable, "the connection was lost: \(error)"))
    }
  }

  func close(_ error: RPCError) {
    guard machine.state != .closed else { return }
    machine.close()
    forgetSocket()
    output.release()
    if slot >= 0 { queue.remove(slot) }
    // Lets go of the handler, which may hold this channel.
    let handler = handler
    self.handler = nil
    handler?.closed(self, error)
  }
}

import Foundation
import Wire

/// Starts the thread that makes the load. It opens the connections, runs the loop and posts everything to the mailbox.
enum LoadThread {
  static func start(_ options: RunOptions, frames: RequestFrames, mailbox: Mailbox, interrupt: Interrupt) {
    let thread = Thread {
      do throws(BenchError) {
        try run(options, frames: frames, mailbox: mailbox, interrupt: interrupt)
      } catch {
        mailbox.post(.failed(error))
      }
    }
    thread.name = "load"
    thread.start()
  }

  private static func run(
    _ options: RunOptions, frames: RequestFrames, mailbox: Mailbox, interrupt: Interrupt
  ) throws(BenchError) {
    sharpenTimers()
    let source = try RequestSource(
      mix: options.mix, keys: KeyDistribution(count: options.keys, zipf: options.zipf), seed: options.seed,
      frames: frames.frame)
    let connections = try openConnections(options, maximumFrameBytes: source.maximumFrameBytes)
    var loop = try LoadLoop(
      connections: connections, source: source, options: options, mailbox: mailbox, interrupt: interrupt)
    if let rate = options.rate {
      loop.runOpen(Schedule(rate: rate, arrival: options.arrival, seed: options.seed))
    } else {
      loop.runClosed()
    }
  }

  private static func openConnections(
    _ options: RunOptions, maximumFrameBytes: Int
  ) throws(BenchError) -> [LoadConnection] {
    let hello = try ServerDescription.hello()
    var connections: [LoadConnection] = []
    do throws(BenchError) {
      for _ in 0..<options.connections {
        let opened = try OpeningConnection(to: options.server, hello: hello)
        opened.socket.stopBlocking()
        connections.append(
          LoadConnection(
            socket: opened.socket, unread: opened.unread, depth: options.depth, maximumFrameBytes: maximumFrameBytes))
      }
      return connections
    } catch {
      for index in connections.indices { connections[index].close { _ in } }
      throw error
    }
  }

  /// The kernel may be late by 50 µs with a thread's timers unless told otherwise (proc(5), `timerslack_ns`). Where that is
  /// refused the lag, which is measured, tells.
  private static func sharpenTimers() {
    try? Data("1".utf8).write(to: URL(fileURLWithPath: "/proc/thread-self/timerslack_ns"))
  }
}

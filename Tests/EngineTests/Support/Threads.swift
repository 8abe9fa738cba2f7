import Foundation

/// Runs `body` on so many threads at once and waits for all of them. They begin together.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int, StartingLine) -> Void) async {
  let line = StartingLine(count)
  await withTaskGroup(of: Void.self) { group in
    for index in 0..<count {
      group.addTask {
        await withCheckedContinuation { done in
          Thread.detachNewThread {
            line.wait()
            body(index, line)
            done.resume()
          }
        }
      }
    }
  }
}

/// Where threads wait for each other, as often as they like.
///
/// `@unchecked Sendable`: `arrived` is touched under the condition's lock only.
final class StartingLine: @unchecked Sendable {
  private let count: Int
  private let condition = NSCondition()
  private var arrived = 0

  init(_ count: Int) { self.count = count }

  func wait() {
    condition.lock()
    defer { condition.unlock() }
    let everybody = (arrived / count + 1) * count
    arrived += 1
    if arrived == everybody { return condition.broadcast() }
    while arrived < everybody { condition.wait() }
  }
}

import Arguments
import Foundation
import Transport

/// The one executable: the server and the operator's commands.
@main
enum Gatehouse {
  static func main() async {
    // A reader that goes away is told to `Console.print` by write(2), a peer that does to its connection.
    signal(SIGPIPE, SIG_IGN)
    // Here, for a thread that has its own arena keeps it.
    Heap.keepTight()
    let environment = ProcessInfo.processInfo.environment
    let console = Console(environment: environment)
    let invocation = Invocation(
      arguments: Array(CommandLine.arguments.dropFirst()), environment: environment, width: console.width,
      style: console.data, readFile: { path throws(CommandFailure) in try InputText.file(path) })
    exit(await run(invocation, console).rawValue)
  }

  private static func run(_ invocation: Invocation, _ console: Console) async -> ExitCode {
    do {
      switch try GatehouseProgram.program.read(invocation) {
      case .run(let action, let arguments): return try await action(arguments, console)
      case .text(let text): try console.print(text)
      }
      return .ok
    } catch let error as UsageError {
      console.say(error.description)
      return .usage
    } catch let failure as CommandFailure {
      if failure.exitCode != .ok { console.say(failure.text) }
      return failure.exitCode
    } catch {
      console.say("gatehouse: \(error)")
      return .failed
    }
  }
}

import CFuzzer
import Foundation

// Runs one target under libFuzzer.
//
// usage: gatehouse-fuzz TARGET [LIBFUZZER-OPTIONS] [CORPUS…]
//        gatehouse-fuzz --seeds TARGET FOLDER
//
// `Tests/fuzz` builds it and runs every target; `--seeds` writes the inputs that a corpus begins with.

@main
enum Fuzz {
  private static var targets: [any FuzzTarget.Type] {
    [
      ServerConnectionTarget.self, ClientConnectionTarget.self, DecoderTarget.self, ViewTarget.self,
      EvaluatorTarget.self, RulesTarget.self, JournalTarget.self,
    ]
  }

  /// What libFuzzer calls, which takes a C function and so no context: set once, before it starts.
  nonisolated(unsafe) private static var target: (any FuzzTarget)?

  static func main() {
    var arguments = CommandLine.arguments
    if arguments.dropFirst().first == "--seeds", arguments.count == 4 { return writeSeeds(arguments[2], arguments[3]) }
    guard arguments.count >= 2 else { return usage() }
    // What a target keeps for good may hang on pointers that Swift has put marks into, which look like none.
    __lsan_disable()
    target = named(arguments.remove(at: 1)).init()
    __lsan_enable()
    let status = arguments.withArgumentVector { count, arguments in
      run_fuzzer(count, arguments) { bytes, count in
        Fuzz.target?.run(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
      }
    }
    exit(status)
  }

  private static func named(_ name: String) -> any FuzzTarget.Type {
    guard let target = targets.first(where: { $0.name == name }) else {
      usage()
      exit(2)
    }
    return target
  }

  private static func usage() {
    let names = targets.map { $0.name }
    print("usage: gatehouse-fuzz TARGET [LIBFUZZER-OPTIONS] [CORPUS…]\ntargets: \(names.joined(separator: " "))")
  }

  private static func writeSeeds(_ name: String, _ folder: String) {
    for (number, seed) in named(name).seeds().enumerated() {
      do {
        try Data(seed).write(to: URL(fileURLWithPath: "\(folder)/seed-\(number)"))
      } catch {
        refute("the seed cannot be written: \(error)")
      }
    }
  }
}

extension [String] {
  /// Lends them as main(argc, argv) has them.
  fileprivate func withArgumentVector(_ body: (Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32)
    -> Int32
  {
    var pointers = map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(Int32(count), &pointers)
  }
}

import Glibc
import Testing

@testable import Journal

/// The whole journal on a disk that fails at every call in turn, held against a model: nothing acknowledged is lost, nothing is invented.
struct FaultTests {
  enum Aftermath: CaseIterable { case restart, powerCut }

  /// Some days in the life of a journal, the same for a seed, as far as the storage lets it.
  static func live(_ book: Book, seed: UInt64, rounds: Int) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<rounds {
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        book.append(Book.entry(book.model.count), durable: generator.once(in: 4))
      }
      book.write()
      if generator.once(in: 3) { book.tick() }
    }
    book.tick()
  }

  static func recordedCalls(seed: UInt64, rounds: Int) throws -> [SimulatedDisk.Kind] {
    let storage = SimulatedStorage(seed: seed)
    live(try Book(storage), seed: seed, rounds: rounds)
    return storage.withDisk { $0.kinds }
  }

  /// One life with a fault, its end, and what must be true at the next start.
  static func run(seed: UInt64, rounds: Int, call: Int, fault: SimulatedDisk.Fault, aftermath: Aftermath) throws {
    let storage = SimulatedStorage(seed: seed &+ UInt64(call))
    storage.withDisk { $0.faults[call] = fault }
    let note: Comment = "seed \(seed), call \(call), \(fault), \(aftermath)"
    var model: [[UInt8]] = []
    var told = JournalProgress(writtenIndex: 0, durableIndex: 0, condition: .open)
    var checkpoints: [Checkpoint] = []
    if let book = try? Book(storage) {
      live(book, seed: seed, rounds: rounds)
      (model, told, checkpoints) = (book.model, book.told, book.checkpoints)
    }
    storage.withDisk { aftermath == .powerCut ? $0.cutPower() : $0.restart() }

    let book = try Book(storage, model: model)
    let found = try book.entries()
    #expect(found.count >= Int(aftermath == .powerCut ? told.durableIndex : told.writtenIndex), note)
    #expect(found.elementsEqual(model.prefix(found.count)), note)
    for checkpoint in checkpoints {
      #expect(naiveRoot(model[..<Int(checkpoint.size)]) == checkpoint.root, note)
      #expect(checkpoint.size <= found.count, note)
    }
    // Life goes on, and what is then called durable survives the next power cut.
    book.model.removeLast(book.model.count - found.count)
    live(book, seed: seed &+ 1, rounds: 3)
    #expect(book.told.condition == .open, note)
    storage.withDisk { $0.cutPower() }
    let last = try Book(storage)
    #expect(try last.entries().count >= Int(book.told.durableIndex), note)
    #expect(try last.entries().elementsEqual(book.model.prefix(Int(last.parts.recovery.endIndex))), note)
    #expect(last.tick() == nil, note)
    _ = try LogVerifier(storage: storage, origin: Book.origin, keys: [last.parts.verifier]).verify(
      against: checkpoints.isEmpty ? [] : [storage.bytes(of: Checkpoint.path)])
  }

  @Test("a death at any storage call loses nothing that was acknowledged", arguments: Aftermath.allCases)
  func death(aftermath: Aftermath) throws {
    let seed: UInt64 = 11
    for call in Campaign.cases(try Self.recordedCalls(seed: seed, rounds: 8).indices, share: 5) {
      try Self.run(seed: seed, rounds: 8, call: call, fault: .kill, aftermath: aftermath)
    }
  }

  @Test("an I/O error at any storage call loses nothing that was acknowledged", arguments: Aftermath.allCases)
  func inputOutputError(aftermath: Aftermath) throws {
    let seed: UInt64 = 12
    for call in Campaign.cases(try Self.recordedCalls(seed: seed, rounds: 8).indices, share: 5) {
      try Self.run(seed: seed, rounds: 8, call: call, fault: .error(EIO), aftermath: aftermath)
    }
  }

  @Test("a full disk at any storage call loses nothing that was acknowledged", arguments: Aftermath.allCases)
  func noSpace(aftermath: Aftermath) throws {
    let seed: UInt64 = 13
    for call in Campaign.cases(try Self.recordedCalls(seed: seed, rounds: 8).indices, share: 5) {
      try Self.run(seed: seed, rounds: 8, call: call, fault: .error(ENOSPC), aftermath: aftermath)
      try Self.run(seed: seed, rounds: 8, call: call, fault: .errorForGood(ENOSPC), aftermath: aftermath)
    }
  }

  @Test("power cuts at random moments of random lives lose nothing durable")
  func randomPowerCuts() throws {
    for seed in Campaign.cases(UInt64(100)..<400, share: 20) {
      let calls = try Self.recordedCalls(seed: seed, rounds: 12).count
      var generator = SeededGenerator(seed: seed)
      let call = Int.random(in: 0..<calls, using: &generator)
      try Self.run(seed: seed, rounds: 12, call: call, fault: .kill, aftermath: .powerCut)
    }
  }
}

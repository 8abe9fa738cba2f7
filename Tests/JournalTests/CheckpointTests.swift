import Testing

@testable import Journal

/// Publishing: what is signed was durable, names the log, and never contradicts what was signed before.
struct CheckpointTests {
  @Test("a new journal signs the empty tree, then what becomes durable, and nothing twice")
  func publishing() throws {
    let book = try Book(SimulatedStorage())
    #expect(book.tick() == nil)
    book.append([1])
    book.write()
    #expect(book.tick() == nil)
    let calls = book.storage.withDisk { $0.kinds.filter { $0 != .other }.count }
    #expect(book.tick() == nil)
    #expect(book.storage.withDisk { $0.kinds.filter { $0 != .other }.count } == calls)
    #expect(book.checkpoints.map(\.size) == [0, 1])
    #expect(book.checkpoints.map(\.root) == [MerkleTree.emptyRoot, MerkleTree.leaf([1])])
    let text = String(decoding: book.storage.bytes(of: Checkpoint.path), as: UTF8.self)
    #expect(text.hasPrefix("example.com/gatehouse\n1\n\(MerkleTree.leaf([1]))\n\n\u{2014} example.com/gatehouse "))
  }

  @Test("entries that are only written are not signed")
  func onlyDurable() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    book.write()
    let published = try #require(try book.parts.publisher.publish(upTo: book.writer.durableIndex))
    #expect(published.checkpoint.size == 0)
  }

  @Test("checkpoints of a growing log are consistent, across restarts too")
  func consistency() throws {
    let storage = SimulatedStorage()
    var model: [[UInt8]] = []
    var checkpoints: [Checkpoint] = []
    for round in 0..<6 {
      let book = try Book(storage, model: model)
      for number in 0..<130 {
        book.append(Book.entry(round * 1000 + number))
        if number % 50 == 0 {
          book.write()
          #expect(book.tick() == nil)
        }
      }
      book.write()
      #expect(book.tick() == nil)
      model = book.model
      checkpoints += book.checkpoints
      storage.withDisk { $0.restart() }
    }
    let last = try #require(checkpoints.last)
    let reader = TileReader(storage: storage, size: last.size)
    for (old, new) in zip(checkpoints, checkpoints.dropFirst()) {
      let proof = try reader.consistencyProof(from: old.size, to: new.size)
      #expect(MerkleProof.verifyConsistency(from: old.size, old.root, to: new.size, new.root, proof: proof))
    }
    #expect(last.root == naiveRoot(model[...]))
  }

  @Test("the tiles of each size that was signed are there; partial ones go when the tile is full")
  func tiles() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 1 << 20))
    for number in 0..<300 {
      book.append(Book.entry(number))
      book.write()
      if number % 60 == 0 || number == 299 {
        #expect(book.tick() == nil)
        let size = UInt64(number + 1)
        for tile in Tile.partials(size: size) {
          #expect(book.storage.bytes(of: tile.path).count == tile.width * 32)
        }
      }
    }
    #expect(book.storage.paths(under: "tile/0/") == ["tile/0/000", "tile/0/001.p/44"])
    #expect(book.storage.bytes(of: "tile/0/000").count == 8192)
  }

  @Test(
    "a death while a checkpoint is published leaves all that the one before it rests on",
    arguments: FaultTests.Aftermath.allCases)
  func deathWhilePublishing(aftermath: FaultTests.Aftermath) throws {
    // More than a tile: one level up there is a partial tile that both checkpoints share.
    let first = try Book(SimulatedStorage())
    for number in 0..<300 { first.append(Book.entry(number)) }
    first.write()
    #expect(first.tick() == nil)
    var (call, dies) = (0, true)
    while dies {
      let storage = first.storage.copy(seed: UInt64(call))
      storage.withDisk { $0.faults[call] = .kill }
      if let second = try? Book(storage, model: first.model) {
        second.append(Book.entry(300))
        second.write()
        second.tick()
      }
      dies = storage.withDisk(\.isDead)
      storage.withDisk { aftermath == .powerCut ? $0.cutPower() : $0.restart() }
      let found = try Book(storage).entries()
      #expect(found.starts(with: first.model), "call \(call)")
      call += 1
    }
    #expect(call > 10)
  }

  @Test("when the power goes, all tiles of the checkpoint are there, were they few or many", arguments: [700, 70_000])
  func powerCut(count: Int) throws {
    let many = Int(CheckpointPublisher.tilesOneByOneLimit) * Tile.width
    #expect(700 < many && many < 70_000)
    let book = try Book(SimulatedStorage(seed: UInt64(count)), limits: Book.limits(segmentBytes: 1 << 20))
    for number in 0..<count {
      book.append(withUnsafeBytes(of: number) { Array($0) })
      if number % 1000 == 999 { book.write() }
    }
    book.write()
    #expect(book.tick() == nil)
    book.storage.withDisk { $0.cutPower() }
    let again = try Book(book.storage, model: book.model)
    #expect(again.parts.publisher.published?.checkpoint.size == UInt64(count))
    for first in stride(from: 0, to: count, by: Tile.width) {
      let leaves = book.model[first..<min(first + Tile.width, count)].map { MerkleTree.leaf($0) }
      let tile = Tile(level: 0, number: UInt64(first / Tile.width), width: leaves.count)
      #expect(book.storage.bytes(of: tile.path) == leaves.flatMap(\.bytes))
    }
  }

  @Test("a checkpoint that the tiles contradict is refused at start")
  func contradiction() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    book.write()
    #expect(book.tick() == nil)
    let storage = book.storage.copy()
    let path = try #require(book.parts.catalog.all.first).path
    try SegmentForger.rewrite(path, in: book) { $0[0].entries[0] = [2] }
    storage.setBytes(of: path, book.storage.bytes(of: path))
    storage.setBytes(of: "tile/0/000.p/1", MerkleTree.leaf([2]).bytes)
    let before = storage.bytes(of: "tile/0/000.p/1")
    let error = #expect(throws: JournalError.self) { try Book(storage) }
    #expect(error?.code == .checkpoint)
    #expect(storage.bytes(of: "tile/0/000.p/1") == before, "nothing is changed")
  }

  @Test(
    "a partial tile that a crash tore, at any level, is made anew at the next start, and that is reported",
    arguments: ["tile/0/002.p/188", "tile/1/000.p/2"], [0, 31, 40, nil] as [Int?])
  func tornPartialTile(path: String, length: Int?) throws {
    let book = try VerifierTests.book()
    let storage = book.storage.copy()
    let whole = storage.bytes(of: path)
    if let length {
      storage.setBytes(of: path, Array(whole.prefix(length)))
    } else {
      storage.withDisk { _ = $0.names.removeValue(forKey: path) }
    }
    let again = try Book(storage, model: book.model)
    #expect(again.parts.recovery.mendedTiles == [path])
    #expect(storage.bytes(of: path) == whole)
    storage.withDisk { $0.cutPower() }
    let last = try Book(storage, model: book.model)
    #expect(last.parts.recovery.mendedTiles == [] && last.parts.publisher.published == book.parts.publisher.published)
    #expect(try VerifierTests.verify(last).endIndex == 700)
  }

  @Test("torn partial tiles of all levels are made anew together; a full tile that is missing is not, and is named")
  func tornTiles() throws {
    let book = try VerifierTests.book()
    let storage = book.storage.copy()
    storage.setBytes(of: "tile/0/002.p/188", [UInt8](repeating: 0, count: 188 * 32))
    storage.setBytes(of: "tile/1/000.p/2", [])
    let missing = storage.copy()
    #expect(try Book(storage).parts.recovery.mendedTiles == ["tile/0/002.p/188", "tile/1/000.p/2"])
    missing.withDisk { _ = $0.names.removeValue(forKey: "tile/0/001") }
    let error = #expect(throws: JournalError.self) { try Book(missing) }
    #expect(error?.code == .checkpoint && error?.message.contains("tile/0/001 is missing") == true)
    #expect(missing.bytes(of: "tile/1/000.p/2") == [], "nothing is changed")
  }

  @Test("after a failed sync of a tile nothing is signed until the directory is opened again")
  func failedTileSync() throws {
    let calls = try FaultTests.recordedCalls(seed: 41, rounds: 1)
    let storage = SimulatedStorage(seed: 41)
    let book = try Book(storage)
    FaultTests.live(book, seed: 41, rounds: 1)
    #expect(calls.count > 10)
    book.append([1])
    book.write()
    #expect(book.writer.makeDurable())
    let before = book.checkpoints.count
    storage.withDisk { disk in disk.faults[disk.calls + 8] = .errorForGood(5) }
    var error: JournalError?
    for _ in 0..<3 {
      book.append([1], durable: false)
      error = book.tick() ?? error
    }
    #expect(error?.code == .storage)
    storage.withDisk { $0.restart() }
    #expect(book.tick() != nil, "the failure stays")
    #expect(book.checkpoints.count <= before + 1)
    let again = try Book(storage, model: book.model)
    #expect(again.tick() == nil)
    #expect(again.checkpoints.last?.size == again.writer.durableIndex)
  }

  @Test("cosignatures are kept with the checkpoint in force, and refused for an older one")
  func cosignatures() throws {
    let book = try Book(SimulatedStorage())
    book.append([1])
    book.write()
    #expect(book.tick() == nil)
    let checkpoint = try #require(book.checkpoints.last)
    let line = SignedNote.Signature(keyName: "witness.example/w", keyID: 7, bytes: [UInt8](repeating: 1, count: 72))
    let attached = try #require(try book.parts.publisher.attach([line], to: checkpoint))
    #expect(attached.note.signatures.last == line)
    let stored = try SignedNote(parsing: book.storage.bytes(of: Checkpoint.path))
    #expect(stored == attached.note)
    #expect(try book.parts.verifier.verify(stored))
    #expect(try Book(book.storage.copy()).parts.publisher.published == attached)
    book.append([2])
    book.write()
    #expect(book.tick() == nil)
    #expect(try book.parts.publisher.attach([line], to: checkpoint) == nil)
  }

  @Test("the key is made once, only its owner may read it, and rotation signs with both")
  func keys() throws {
    let storage = SimulatedStorage()
    let first = try Book(storage)
    #expect(storage.withDisk { disk in disk.names[KeyFile.path].flatMap { disk.inodes[$0]?.permissions } } == 0o600)
    #expect(String(decoding: storage.bytes(of: KeyFile.verifierPath), as: UTF8.self) == "\(first.parts.verifier)\n")
    storage.withDisk { $0.restart() }
    first.append([1])
    first.write()
    #expect(first.tick() == nil)
    #expect(try Book(storage).parts.verifier == first.parts.verifier)
    storage.withDisk { disk in
      disk.restart()
      disk.names[KeyFile.previousPath] = disk.names.removeValue(forKey: KeyFile.path)
    }
    let second = try Book(storage)
    #expect(second.parts.verifier != first.parts.verifier)
    #expect(second.tick() == nil)
    let note = try SignedNote(parsing: storage.bytes(of: Checkpoint.path))
    #expect(try first.parts.verifier.verify(note))
    #expect(try second.parts.verifier.verify(note))
    storage.withDisk { disk in
      disk.restart()
      if let inode = disk.names[KeyFile.path] { disk.inodes[inode]?.permissions = 0o640 }
    }
    let error = #expect(throws: JournalError.self) { try Book(storage) }
    #expect(error?.code == .key)
  }

  @Test("without its key, or under another name, a log that has signed is not opened, and its files stay as they are")
  func keyLost() throws {
    let book = try Book(SimulatedStorage())
    #expect(book.tick() == nil)
    let files = book.storage.paths(under: "key")
    let vkey = book.storage.bytes(of: KeyFile.verifierPath)
    let lost = book.storage.copy()
    try lost.remove(KeyFile.path)
    let error = #expect(throws: JournalError.self) { try Book(lost) }
    #expect(error?.code == .key && error?.message.contains("put it back") == true)
    #expect(lost.paths(under: "key") == files.filter { $0 != KeyFile.path })
    #expect(lost.bytes(of: KeyFile.verifierPath) == vkey)

    let renamed = book.storage.copy()
    let other = #expect(throws: JournalError.self) { try Book(renamed, origin: "example.com/other") }
    #expect(other?.code == .checkpoint)
    #expect(other?.message.contains("it names \(Book.origin)+") == true)
    #expect(other?.message.contains("known are example.com/other+") == true)
    #expect(renamed.bytes(of: KeyFile.verifierPath) == vkey)
  }

  @Test(
    "a key file that is no key is refused, never replaced",
    arguments: ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
  func badKey(text: String) throws {
    let storage = SimulatedStorage()
    storage.setBytes(of: KeyFile.path, Array(text.utf8))
    storage.withDisk { disk in if let inode = disk.names[KeyFile.path] { disk.inodes[inode]?.permissions = 0o600 } }
    let error = #expect(throws: JournalError.self) { try Book(storage) }
    #expect(error?.code == .key)
    #expect(storage.bytes(of: KeyFile.path) == Array(text.utf8))
  }
}

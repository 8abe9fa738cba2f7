import Glibc

@testable import Journal

/// A disk with a cache before it, as bad as POSIX allows: what was not synced may be lost, whole or by sectors, in any order; names too.
/// A failed sync drops the pages and calls them clean. Any call can be made to fail, or to be the process's last.
struct SimulatedDisk {
  static let sectorBytes = 512

  struct Inode {
    var cached: [UInt8] = []
    var durable: [UInt8] = []
    /// Sectors that a sync would write.
    var dirty: Set<Int> = []
    var permissions: UInt16 = 0o644
  }

  enum Fault: Equatable {
    /// The call fails with this error number; a write may have written any part.
    case error(Int32)
    /// As `error`, and so does every later call of the same kind.
    case errorForGood(Int32)
    /// The process dies in the call; a write may have written any part.
    case kill
  }

  enum Kind: Equatable { case write, sync, name, other }

  var inodes: [Int: Inode] = [:]
  var names: [String: Int] = [:]
  var durableNames: [String: Int] = [:]
  var isDead = false
  var isLocked = false
  /// Calls so far.
  var calls = 0
  /// Of which kind each call was.
  var kinds: [Kind] = []
  var faults: [Int: Fault] = [:]
  /// How far writeback was begun, each time.
  var begunWritebacks: [UInt64] = []
  private var lasting: [(Kind, Int32)] = []
  /// Bytes that files may hold together.
  var capacityBytes = Int.max
  var generator: SeededGenerator
  private var lastInode = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// A call that failed.
  struct Failure: Error {
    let number: Int32
    /// The process was gone before: the call did nothing at all.
    var isAfterDeath = false
  }

  /// What a call must begin with.
  mutating func enter(_ kind: Kind) throws(Failure) {
    if isDead { throw Failure(number: ESHUTDOWN, isAfterDeath: true) }
    defer { calls += 1 }
    kinds.append(kind)
    if let (_, number) = lasting.first(where: { $0.0 == kind }) { throw Failure(number: number) }
    switch faults[calls] {
    case nil: return
    case .error(let number): throw Failure(number: number)
    case .errorForGood(let number):
      lasting.append((kind, number))
      throw Failure(number: number)
    case .kill:
      isDead = true
      throw Failure(number: ESHUTDOWN)
    }
  }

  mutating func makeInode(permissions: UInt16) -> Int {
    lastInode += 1
    inodes[lastInode] = Inode(permissions: permissions)
    return lastInode
  }

  mutating func write(_ bytes: ArraySlice<UInt8>, to inode: Int, at offset: Int) {
    var file = inodes[inode] ?? Inode()
    if file.cached.count < offset + bytes.count {
      file.cached += [UInt8](repeating: 0, count: offset + bytes.count - file.cached.count)
    }
    file.cached.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    if !bytes.isEmpty {
      file.dirty.formUnion(offset / Self.sectorBytes...(offset + bytes.count - 1) / Self.sectorBytes)
    }
    inodes[inode] = file
  }

  mutating func sync(_ inode: Int) {
    guard var file = inodes[inode] else { return }
    file.durable.removeLast(max(0, file.durable.count - file.cached.count))
    file.durable += [UInt8](repeating: 0, count: file.cached.count - file.durable.count)
    for sector in file.dirty { Self.copy(sector, from: file.cached, to: &file.durable) }
    file.dirty = []
    inodes[inode] = file
  }

  /// Some pages arrive; the others are gone and nobody will write them: what Linux does after a failed writeback.
  mutating func failSync(_ inode: Int) {
    guard var file = inodes[inode] else { return }
    for sector in file.dirty.sorted() where Bool.random(using: &generator) {
      Self.copy(sector, from: file.cached, to: &file.durable)
    }
    file.dirty = []
    inodes[inode] = file
  }

  private static func copy(_ sector: Int, from: [UInt8], to: inout [UInt8]) {
    let (start, end) = (sector * sectorBytes, min((sector + 1) * sectorBytes, from.count, to.count))
    if start < end { to.replaceSubrange(start..<end, with: from[start..<end]) }
  }

  /// The process ends; files stay as the cache has them.
  mutating func restart() {
    isDead = false
    isLocked = false
    faults = [:]
    lasting = []
    capacityBytes = .max
  }

  /// The machine loses power and comes back.
  mutating func cutPower() {
    for (inode, file) in inodes {
      var kept = Inode(permissions: file.permissions)
      let size =
        Bool.random(using: &generator) || file.dirty.isEmpty && file.cached.count >= file.durable.count
        ? file.durable.count : file.cached.count
      kept.cached = [UInt8](repeating: 0, count: size)
      kept.cached.replaceSubrange(0..<min(size, file.durable.count), with: file.durable.prefix(size))
      for sector in file.dirty.sorted() where Bool.random(using: &generator) {
        Self.copy(sector, from: file.cached, to: &kept.cached)
      }
      kept.durable = kept.cached
      inodes[inode] = kept
    }
    for name in Set(names.keys).union(durableNames.keys).sorted() where Bool.random(using: &generator) {
      durableNames[name] = names[name]
    }
    names = durableNames
    restart()
  }
}

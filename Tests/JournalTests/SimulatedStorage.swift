import Glibc
import Synchronization

@testable import Journal

/// `Storage` on a `SimulatedDisk`. Directories are always there; their names are as durable as they were synced.
final class SimulatedStorage: Storage {
  private let disk: Mutex<SimulatedDisk>

  init(seed: UInt64 = 0) { disk = Mutex(SimulatedDisk(seed: seed)) }

  func withDisk<T>(_ body: (inout SimulatedDisk) -> T) -> T { disk.withLock { body(&$0) } }

  /// One call: counts, fails if it is to fail, which `failing` sees, else runs `body`.
  fileprivate func call<T>(
    _ kind: SimulatedDisk.Kind, _ function: String, _ path: String,
    failing: (inout SimulatedDisk) -> Void = { _ in },
    _ body: (inout SimulatedDisk) throws(SimulatedDisk.Failure) -> T
  ) throws(StorageError) -> T {
    do throws(SimulatedDisk.Failure) {
      return try disk.withLock { disk throws(SimulatedDisk.Failure) in
        do throws(SimulatedDisk.Failure) { try disk.enter(kind) } catch {
          if !error.isAfterDeath { failing(&disk) }
          throw error
        }
        return try body(&disk)
      }
    } catch {
      throw StorageError(function: function, path: path, number: error.number)
    }
  }

  func makeDirectory(_ path: String) throws(StorageError) { try call(.name, "mkdir", path) { _ in } }

  func open(_ path: String, _ mode: StorageMode) throws(StorageError) -> any StorageFile {
    let inode = try call(mode == .read || mode == .readWrite ? .other : .name, "open", path) {
      disk throws(SimulatedDisk.Failure) -> Int in
      let found = disk.names[path]
      switch mode {
      case .read, .readWrite: break
      case .create(let permissions):
        if found != nil { throw SimulatedDisk.Failure(number: EEXIST) }
        disk.names[path] = disk.makeInode(permissions: permissions)
      case .replace:
        if let found {
          disk.inodes[found]?.cached = []
          disk.inodes[found]?.dirty = []
        } else {
          disk.names[path] = disk.makeInode(permissions: 0o644)
        }
      }
      guard let inode = disk.names[path] else { throw SimulatedDisk.Failure(number: ENOENT) }
      return inode
    }
    return SimulatedFile(storage: self, inode: inode, path: path)
  }

  func list(_ directory: String) throws(StorageError) -> [String] {
    try call(.other, "readdir", directory) { disk in
      disk.names.keys.filter { $0.directory == directory }
        .map { String($0.dropFirst(directory.isEmpty ? 0 : directory.count + 1)) }
    }
  }

  func rename(_ from: String, to: String) throws(StorageError) {
    try call(.name, "rename", from) { disk throws(SimulatedDisk.Failure) in
      guard let inode = disk.names.removeValue(forKey: from) else { throw SimulatedDisk.Failure(number: ENOENT) }
      disk.names[to] = inode
    }
  }

  func remove(_ path: String) throws(StorageError) {
    try call(.name, "unlink", path) { disk throws(SimulatedDisk.Failure) in
      if disk.names.removeValue(forKey: path) == nil { throw SimulatedDisk.Failure(number: ENOENT) }
    }
  }

  func removeDirectory(_ path: String) throws(StorageError) { try call(.name, "rmdir", path) { _ in } }

  func syncDirectory(_ path: String) throws(StorageError) {
    try call(.sync, "fsync", path) { disk in
      for name in Set(disk.names.keys).union(disk.durableNames.keys) where name.directory == path {
        disk.durableNames[name] = disk.names[name]
      }
    }
  }

  func persist(_ paths: [String]) throws(StorageError) {
    for path in paths {
      try open(path, .readWrite).sync()
      try syncDirectory(path.directory)
    }
  }

  func lock(_ path: String) throws(StorageError) -> any StorageFile {
    try call(.other, "flock", path) { disk throws(SimulatedDisk.Failure) in
      if disk.isLocked { throw SimulatedDisk.Failure(number: EWOULDBLOCK) }
      disk.isLocked = true
    }
    return try open(path, .replace)
  }

  // MARK: what tests do to the disk behind the journal's back

  func bytes(of path: String) -> [UInt8] {
    withDisk { disk in disk.names[path].flatMap { disk.inodes[$0]?.cached } ?? [] }
  }

  func setBytes(of path: String, _ bytes: [UInt8]) {
    withDisk { disk in
      let inode = disk.names[path] ?? disk.makeInode(permissions: 0o644)
      disk.inodes[inode]?.cached = bytes
      disk.inodes[inode]?.durable = bytes
      disk.inodes[inode]?.dirty = []
      disk.names[path] = inode
      disk.durableNames[path] = inode
    }
  }

  func paths(under prefix: String) -> [String] { withDisk { $0.names.keys.filter { $0.hasPrefix(prefix) }.sorted() } }

  /// A copy of all files, as they are in the cache.
  func copy(seed: UInt64 = 0) -> SimulatedStorage {
    let other = SimulatedStorage(seed: seed)
    for path in paths(under: "") { other.setBytes(of: path, bytes(of: path)) }
    other.withDisk { disk in if let key = disk.names[KeyFile.path] { disk.inodes[key]?.permissions = 0o600 } }
    return other
  }
}

private final class SimulatedFile: StorageFile {
  let storage: SimulatedStorage
  let inode: Int
  let path: String

  init(storage: SimulatedStorage, inode: Int, path: String) {
    self.storage = storage
    self.inode = inode
    self.path = path
  }

  func size() throws(StorageError) -> UInt64 {
    try storage.call(.other, "fstat", path) { disk in UInt64(disk.inodes[inode]?.cached.count ?? 0) }
  }

  func permissions() throws(StorageError) -> UInt16 {
    try storage.call(.other, "fstat", path) { disk in disk.inodes[inode]?.permissions ?? 0 }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(StorageError) -> Int {
    try storage.call(.other, "pread", path) { disk in
      let bytes = disk.inodes[inode]?.cached.dropFirst(Int(offset)).prefix(buffer.count) ?? []
      buffer.copyBytes(from: bytes)
      return bytes.count
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(StorageError) {
    let bytes = Array(bytes)
    let part: (inout SimulatedDisk, Int) -> Void = { disk, limit in
      let count = Int.random(in: 0...max(0, min(limit, bytes.count)), using: &disk.generator)
      disk.write(bytes[..<count], to: self.inode, at: Int(offset))
    }
    let fail: (inout SimulatedDisk) -> Void = { part(&$0, bytes.count) }
    try storage.call(.write, "pwrite", path, failing: fail) { disk throws(SimulatedDisk.Failure) in
      let used = disk.names.values.reduce(0) { $0 + ($1 == inode ? 0 : disk.inodes[$1]?.cached.count ?? 0) }
      let free = disk.capacityBytes == .max ? Int.max : disk.capacityBytes - used - Int(offset)
      if bytes.count > free {
        part(&disk, free)
        throw SimulatedDisk.Failure(number: ENOSPC)
      }
      disk.write(bytes[...], to: inode, at: Int(offset))
    }
  }

  func truncate(to size: UInt64) throws(StorageError) {
    try storage.call(.other, "ftruncate", path) { disk in
      let cached = disk.inodes[inode]?.cached ?? []
      disk.inodes[inode]?.cached = Array(cached.prefix(Int(size)))
    }
  }

  func sync() throws(StorageError) {
    let fail: (inout SimulatedDisk) -> Void = { $0.failSync(self.inode) }
    try storage.call(.sync, "fdatasync", path, failing: fail) { disk in disk.sync(inode) }
  }

  /// Changes nothing: any sector may arrive before it is synced, whether anybody has asked for it or not.
  func beginWriteback(below offset: UInt64) { storage.withDisk { $0.begunWritebacks.append(offset) } }
}

import CLinux
import Glibc

/// `Storage` on a real directory.
public final class PosixStorage: Storage {
  /// Above this many files one `syncfs` is cheaper than a sync each.
  static let separateSyncsLimitFiles = 16

  public let root: String
  /// Kept open from the start, because `syncfs` reports only errors that came after its descriptor was opened.
  private let rootDescriptor: Int32

  /// Opens the directory at `root`, making it if it is missing.
  public convenience init(root: String) throws(StorageError) {
    do { _ = try systemCall("mkdir", root) { mkdir(root, 0o750) } } catch { if error.code != .exists { throw error } }
    try self.init(existing: root)
  }

  /// Opens a directory that must be there: for who only reads.
  public init(existing root: String) throws(StorageError) {
    self.root = root
    rootDescriptor = try systemCall("open", root) { Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  deinit { close(rootDescriptor) }

  private func full(_ path: String) -> String { path.isEmpty ? root : root + "/" + path }

  public func makeDirectory(_ path: String) throws(StorageError) {
    if path.isEmpty || access(full(path), F_OK) == 0 { return }
    try makeDirectory(path.directory)
    do { _ = try systemCall("mkdir", path) { mkdir(full(path), 0o750) } } catch {
      if error.code != .exists { throw error }
    }
    try syncDirectory(path.directory)
  }

  public func open(_ path: String, _ mode: StorageMode) throws(StorageError) -> any StorageFile {
    let (flags, permissions): (Int32, mode_t) =
      switch mode {
      case .read: (O_RDONLY, 0)
      case .readWrite: (O_RDWR, 0)
      case .create(let permissions): (O_RDWR | O_CREAT | O_EXCL, mode_t(permissions))
      case .replace: (O_RDWR | O_CREAT | O_TRUNC, 0o644)
      }
    let descriptor = try systemCall("open", path) { Glibc.open(full(path), flags | O_CLOEXEC, permissions) }
    return PosixFile(descriptor: descriptor, path: path)
  }

  public func list(_ directory: String) throws(StorageError) -> [String] {
    guard let stream = opendir(full(directory)) else {
      if errno == ENOENT { return [] }
      throw StorageError(function: "opendir", path: directory, number: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 { throw StorageError(function: "readdir", path: directory, number: errno) }
    return names
  }

  public func rename(_ from: String, to: String) throws(StorageError) {
    _ = try systemCall("rename", from) { Glibc.rename(full(from), full(to)) }
  }

  public func remove(_ path: String) throws(StorageError) {
    _ = try systemCall("unlink", path) { unlink(full(path)) }
  }

  public func removeDirectory(_ path: String) throws(StorageError) {
    do { _ = try systemCall("rmdir", path) { rmdir(full(path)) } } catch {
      if error.code != .notFound, error.number != ENOTEMPTY, error.code != .exists { throw error }
    }
  }

  public func syncDirectory(_ path: String) throws(StorageError) {
    let descriptor = try systemCall("open", path) { Glibc.open(full(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { close(descriptor) }
    _ = try systemCall("fsync", path) { fsync(descriptor) }
  }

  public func persist(_ paths: [String]) throws(StorageError) {
    if paths.count > Self.separateSyncsLimitFiles {
      _ = try systemCall("syncfs", root) { cl_syncfs(rootDescriptor) }
      return
    }
    var directories: Set<String> = []
    for path in paths {
      try open(path, .readWrite).sync()
      var directory = path.directory
      while directories.insert(directory).inserted, !directory.isEmpty { directory = directory.directory }
    }
    for directory in directories { try syncDirectory(directory) }
  }

  public func lock(_ path: String) throws(StorageError) -> any StorageFile {
    let descriptor = try systemCall("open", path) { Glibc.open(full(path), O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
    let file = PosixFile(descriptor: descriptor, path: path)
    _ = try systemCall("flock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
    return file
  }
}

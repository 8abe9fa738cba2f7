import Foundation

/// A small file of any bytes, read or written whole.
struct WholeFile: Sendable {
  /// The largest that is read, in bytes: the longest entry of a log (`Protocol/journal.md`).
  static let maximumBytes = 16 << 20

  let path: String

  func bytes() throws(CommandFailure) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw CommandFailure("\(path) cannot be opened: \(String(cString: strerror(errno)))", exitCode: .usage)
    }
    defer { try? handle.close() }
    do {
      let data = try handle.read(upToCount: Self.maximumBytes + 1) ?? Data()
      guard data.count <= Self.maximumBytes else {
        throw CommandFailure("\(path) is over \(Self.maximumBytes) bytes", exitCode: .usage)
      }
      return Array(data)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("\(path) cannot be read: \(error)", exitCode: .usage)
    }
  }

  /// Replaces the file; it appears whole, by rename(2).
  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure("\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}

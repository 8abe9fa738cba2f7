import COpenSSL
import Foundation
import Rules

/// Reads a rules file and the list files beside it, and compiles them.
public enum RulesFile {
  /// The largest list file that is read, in bytes.
  public static let maxListBytes = 64 << 20

  /// - Parameters:
  ///   - path: the rules file; list files stand beside it.
  ///   - latenessMilliseconds: see `RuleCompiler`.
  /// - Throws: `GatehouseServerError.rulesUnreadable`.
  public static func compile(_ path: String, latenessMilliseconds: Int64) throws(GatehouseServerError) -> Compilation {
    try compile(path, latenessMilliseconds: latenessMilliseconds) { _, _ in }
  }

  /// - Parameter loaded: told every list file that was read.
  static func compile(
    _ path: String, latenessMilliseconds: Int64, loaded: @escaping @Sendable (String, [UInt8]) -> Void
  ) throws(GatehouseServerError) -> Compilation {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .rulesUnreadable(path: path, reason: "\(error.localizedDescription)")
    }
    let compiler = RuleCompiler(
      latenessMilliseconds: latenessMilliseconds, lists: lists(beside: path, loaded), digest: sha256Hexadecimal)
    return compiler.compile(SourceFile(name: path, bytes: Array(bytes)))
  }

  private static func lists(
    beside path: String, _ loaded: @escaping @Sendable (String, [UInt8]) -> Void
  ) -> ListLoader {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return ListLoader { name throws(ListLoader.Failure) in
      do {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: name, relativeTo: folder))
        defer { try? file.close() }
        let bytes = Array(try file.read(upToCount: maxListBytes + 1) ?? Data())
        guard bytes.count <= maxListBytes else { throw ListLoader.Failure("it is larger than \(maxListBytes) bytes") }
        loaded(name, bytes)
        return bytes
      } catch let failure as ListLoader.Failure {
        throw failure
      } catch {
        throw ListLoader.Failure(reason(of: error))
      }
    }
  }

  /// The system's own words where there are some.
  private static func reason(of error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    guard cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(cause.code)))
  }

  /// SHA-256 in lower-case hexadecimal (FIPS 180-4), by libcrypto.
  @Sendable
  static func sha256Hexadecimal(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = SHA256(bytes, bytes.count, &digest)
    return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

import COpenSSL
import Foundation
import GatehouseProtocol
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
  public static func compile(
    _ path: String, latenessMilliseconds: Int64, loaded: @escaping @Sendable (String, [UInt8]) -> Void
  ) throws(GatehouseServerError) -> Compilation {
    let bytes: [UInt8]
    do {
      bytes = try read(URL(fileURLWithPath: path), atMost: Limits.maxFileBytes + 1)
    } catch {
      throw .rulesUnreadable(path: path, reason: reason(of: error))
    }
    return compile(bytes, beside: path, latenessMilliseconds: latenessMilliseconds, loaded: loaded)
  }

  /// Compiles rules that came from elsewhere, as if they were the content of the file at `path`.
  public static func compile(
    _ bytes: [UInt8], beside path: String, latenessMilliseconds: Int64
  ) -> Compilation {
    compile(bytes, beside: path, latenessMilliseconds: latenessMilliseconds) { _, _ in }
  }

  private static func compile(
    _ bytes: [UInt8], beside path: String, latenessMilliseconds: Int64,
    loaded: @escaping @Sendable (String, [UInt8]) -> Void
  ) -> Compilation {
    let compiler = RuleCompiler(
      latenessMilliseconds: latenessMilliseconds, lists: lists(beside: path, loaded), digest: sha256Hexadecimal)
    return compiler.compile(SourceFile(name: path, bytes: bytes))
  }

  /// Compiles rules that did not come from a file.
  /// - Parameter name: what messages call them.
  public static func compile(
    _ name: String, text: String, listFiles: [ListFile], latenessMilliseconds: Int64
  ) -> Compilation {
    compile(name, text: text, listFiles, latenessMilliseconds: latenessMilliseconds) { _, _ in }
  }

  static func compile(
    _ name: String, text: String, _ listFiles: [ListFile], latenessMilliseconds: Int64,
    loaded: @escaping @Sendable (String, [UInt8]) -> Void
  ) -> Compilation {
    let texts = Dictionary(listFiles.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    let loader = ListLoader { name throws(ListLoader.Failure) in
      guard let text = texts[name] else { throw ListLoader.Failure("there is no list file of this name") }
      let bytes = Array(text.utf8)
      loaded(name, bytes)
      return bytes
    }
    return RuleCompiler(latenessMilliseconds: latenessMilliseconds, lists: loader, digest: sha256Hexadecimal)
      .compile(SourceFile(name: name, text: text))
  }

  private static func lists(
    beside path: String, _ loaded: @escaping @Sendable (String, [UInt8]) -> Void
  ) -> ListLoader {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return ListLoader { name throws(ListLoader.Failure) in
      do {
        let bytes = try read(URL(fileURLWithPath: name, relativeTo: folder), atMost: maxListBytes + 1)
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

  /// The first bytes of a file: no more are read, however many there are.
  private static func read(_ url: URL, atMost count: Int) throws -> [UInt8] {
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }
    return Array(try file.read(upToCount: count) ?? Data())
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

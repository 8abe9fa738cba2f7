import Foundation
import Rules

/// A rules file on disk and the list files that it names, which stand beside it.
struct RulesSource {
  /// The largest list file that is read, in bytes.
  static let maximumListBytes = 64 << 20

  let path: String

  /// Compiles the file.
  ///
  /// - Throws: `CommandFailure` when the file cannot be read; what is wrong in it are the compilation's diagnostics.
  func compile() throws(CommandFailure) -> Compilation {
    let bytes = try InputText.bytes(path)
    // Nothing here shows or compares the version, so the digest is not computed.
    let compiler = RuleCompiler(lists: lists, digest: { _ in "" })
    return compiler.compile(SourceFile(name: path, bytes: bytes))
  }

  /// List files by their path from the rules file's folder.
  private var lists: ListLoader {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return ListLoader { name throws(ListLoader.Failure) in
      do throws(CommandFailure) {
        return try InputText.bytes(URL(fileURLWithPath: name, relativeTo: folder).path, maximum: Self.maximumListBytes)
      } catch {
        throw ListLoader.Failure(error.message)
      }
    }
  }
}

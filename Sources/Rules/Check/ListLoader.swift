/// Supplies the content of list files: `list bad_addresses of address from "bad-addresses.txt"`. The compiler itself opens
/// nothing.
public struct ListLoader: Sendable {
  /// Why a list file cannot be had; the description goes into the error's text.
  public struct Failure: Error, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
  }

  /// The bytes of the file that a rules file calls `name`: UTF-8, one element a line, `#` begins a comment.
  public var load: @Sendable (_ name: String) throws(Failure) -> [UInt8]

  public init(load: @escaping @Sendable (_ name: String) throws(Failure) -> [UInt8]) { self.load = load }

  /// Has no files.
  public static let none = ListLoader { _ throws(Failure) in throw Failure("list files are not available here") }
}

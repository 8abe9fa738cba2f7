/// JSON that does not fit the message it should become.
public struct JSONMappingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of misfit.
  public enum Reason: Sendable, Equatable {
    /// The message has no field of this name. `known` are its fields' names.
    case unknownField(known: [String])
    /// The enumeration has no value of this name. `known` are its values' names.
    case unknownEnumName(String, known: [String])
    /// The value is of another type than the field.
    case mismatch(expected: String, found: String)
    /// A field stands twice, once under each of its spellings.
    case duplicate
    /// The Swift type is none that a contract's message can hold: a defect of the program, not of the JSON.
    case unsupportedType(String)
  }

  /// The field, as `activity.location.country` or `fired[2].rule`; empty for the message itself.
  public let path: String
  public let reason: Reason

  public var description: String {
    let field = path.isEmpty ? "the message" : path
    return switch reason {
    case .unknownField: "there is no field \(field)"
    case .unknownEnumName(let name, _): "\(field): there is no value \(name)"
    case .mismatch(let expected, let found): "\(field): expected \(expected), found \(found)"
    case .duplicate: "\(field) is given twice"
    case .unsupportedType(let type): "\(field): the type \(type) has no JSON form"
    }
  }

  /// What the author of the JSON may have chosen from; empty when that does not help.
  public var known: [String] {
    switch reason {
    case .unknownField(let known), .unknownEnumName(_, let known): known
    case .mismatch, .duplicate, .unsupportedType: []
    }
  }

  /// What was written where `known` should have been.
  public var written: String {
    if case .unknownEnumName(let name, _) = reason { return name }
    return path.split(separator: ".").last.map(String.init) ?? ""
  }
}

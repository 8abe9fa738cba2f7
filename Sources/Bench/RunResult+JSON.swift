import Foundation

extension RunResult: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(figures: try Figures(from: decoder), details: try Details(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try details.encode(to: encoder)
    try figures.encode(to: encoder)
  }

  /// The document, keys sorted, with a final line feed.
  public func json() throws(BenchError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      throw .file("the result cannot be written as JSON: \(error)")
    }
  }

  /// Reads the file that `json` was written to; throws a file error.
  init(file: String) throws(BenchError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw .file("\(file) cannot be read: \(error.localizedDescription)")
    }
    try self.init(json: data, source: file)
  }

  /// Reads what `json` wrote. Throws a file error that names `source` and what is wrong.
  public init(json: Data, source: String) throws(BenchError) {
    do {
      self = try JSONDecoder().decode(RunResult.self, from: json)
    } catch {
      throw .file("\(source) is no result of gatehouse-bench: \(Self.mistake(error))")
    }
    guard details.schema == Self.schema else {
      throw .file("\(source) has schema \(details.schema); this gatehouse-bench reads \(Self.schema)")
    }
  }
}

extension RunResult {
  /// What is wrong with a document, without the names of types.
  private static func mistake(_ error: any Error) -> String {
    func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: ".") }
    switch error {
    case DecodingError.keyNotFound(let key, let context): return "it has no \(path(context.codingPath + [key]))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "its \(path(context.codingPath)) is of another kind"
    case DecodingError.dataCorrupted: return "it is not JSON"
    default: return error.localizedDescription
    }
  }
}

extension RunResult.Step: Codable {
  private enum CodingKeys: String, CodingKey {
    case from = "from_s"
    case to = "to_s"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      from: try container.decode(Double.self, forKey: .from), to: try container.decode(Double.self, forKey: .to),
      figures: try Figures(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(from, forKey: .from)
    try container.encode(to, forKey: .to)
    try figures.encode(to: encoder)
  }
}

import Arguments
import Foundation

extension Comparison {
  /// A table of A, B and their ratio with a verdict a line, then the verdict of all.
  public func text() -> String {
    let rows = lines.map { line in
      [
        line.figure.rawValue, Quantity.text(line.figure, line.a), Quantity.text(line.figure, line.b), line.ratioText,
        line.verdict?.rawValue ?? "",
      ]
    }
    let table = [["figure", "A", "B", "B/A", ""]] + rows
    let widths = (0..<5).map { column in table.map { $0[column].count }.max() ?? 0 }
    var text = table.map { row in
      let cells = row.enumerated().map { index, cell in
        let fill = String(repeating: " ", count: widths[index] - cell.count)
        return index == 0 || index == 4 ? cell + fill : fill + cell
      }
      return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
    text += objections.map { "not comparable: \($0)" }
    return text.joined(separator: "\n") + "\nverdict: B is \(verdict.rawValue)\n"
  }

  /// The verdict, the objections and the ratios by figure, keys sorted, with a final line feed.
  func json() throws(BenchError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      throw .file("the comparison cannot be written as JSON: \(error)")
    }
  }

  /// The exit code a script wants: a worse B fails, and so do runs that cannot be compared.
  public var exitCode: ExitCode {
    switch verdict {
    case .better, .same: .ok
    case .worse: .threshold
    case .incomparable: .invalid
    }
  }
}

extension Comparison.Line {
  var ratioText: String { ratio.map { String(format: "%.3f", $0) } ?? "∞" }
}

/// What `compare --json` writes.
extension Comparison: Encodable {
  private enum CodingKeys: String, CodingKey {
    case verdict, objections, ratios
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(objections, forKey: .objections)
    var ratios = container.nestedContainer(keyedBy: Figure.self, forKey: .ratios)
    for line in lines { try ratios.encodeIfPresent(line.ratio, forKey: line.figure) }
  }
}

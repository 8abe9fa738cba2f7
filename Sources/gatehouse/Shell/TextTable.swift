/// Rows of texts, whoever wrote them, as columns for people: the first flush left, the others as told, two blanks between them.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// - Parameter alignments: one for each column.
  init(_ alignments: [Alignment]) { self.alignments = alignments }

  /// - Precondition: as many cells as columns.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == alignments.count, "a cell for every column")
    rows.append(cells.map(\.printable))
  }

  /// Without blanks at the ends of lines.
  var lines: [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - row[column].count)
        return alignments[column] == .left ? row[column] + blanks : blanks + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// The few pieces of markup that reports are made of.
enum HTML {
  /// Text made safe between tags and in quoted attributes.
  static func escape(_ text: String) -> String {
    var safe = ""
    for character in text {
      switch character {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      default: safe.append(character)
      }
    }
    return safe
  }

  /// A table; the first cell of each row is its heading. Cells are escaped here.
  static func table(head: [String], rows: [[String]]) -> String {
    let headings = head.map { "<th scope=\"col\">\(escape($0))</th>" }.joined()
    let body = rows.map { row in
      let cells = row.enumerated().map { index, cell in
        index == 0 ? "<th scope=\"row\">\(escape(cell))</th>" : "<td>\(escape(cell))</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return "<table><thead><tr>\(headings)</tr></thead><tbody>\n\(body.joined(separator: "\n"))\n</tbody></table>"
  }

  /// A whole page that needs nothing from elsewhere; follows the reader's choice of light or dark.
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escape(title))</title>
    <style>\(style)</style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1c2430; --paper: #ffffff; --faint: #d8dee6 }
    :root { --a: #0b6bcb; --b: #c2410c; --bad: #b42318 }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6eaf0; --paper: #12161c; --faint: #333c48; --a: #6bb1ff; --b: #ff9d66; --bad: #ff8a80 }
    }
    body { margin: 2rem auto; max-width: 56rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif }
    body { color: var(--ink); background: var(--paper) }
    h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
    svg { width: 100%; height: auto } svg text { fill: var(--ink); font-size: 11px } svg text.axis { font-size: 12px }
    .grid { stroke: var(--faint) } polyline { fill: none; stroke-width: 1.8 }
    polyline.a { stroke: var(--a) } circle.a { fill: var(--a) } polyline.b { stroke: var(--b) } circle.b { fill: var(--b) }
    .key { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .4em }
    .key.a { background: var(--a) } .key.b { background: var(--b) }
    .bad { color: var(--bad); font-weight: 600 }
    .scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
    th, td { padding: .25rem .8rem; border-bottom: 1px solid var(--faint); text-align: right }
    th:first-child { text-align: left }
    """
}

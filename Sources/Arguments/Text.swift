/// A text without the blanks around it.
func trimmed(_ text: some StringProtocol) -> String {
  let start = text.drop(while: \.isWhitespace)
  guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(start[...end])
}

/// A paragraph broken at blanks into lines of at most `width` characters; a longer word stands alone.
func wrapped(_ paragraph: String, width: Int) -> [String] {
  var lines: [String] = []
  for word in paragraph.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] = last + " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines
}

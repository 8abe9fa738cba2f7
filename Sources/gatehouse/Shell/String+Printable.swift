extension String {
  /// The text on one line, without what a terminal would obey: what others wrote is shown, not done.
  var printable: String {
    let shown = unicodeScalars.map { scalar -> Unicode.Scalar in
      let isObeyed = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
      return isObeyed ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(shown))
  }
}

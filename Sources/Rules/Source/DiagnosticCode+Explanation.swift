extension DiagnosticCode {
  /// The code that `text` names: `E0012`, in capitals or not.
  public init?(_ text: String) { self.init(rawValue: text.uppercased()) }

  /// What the mistake is, with an example and its remedy: Markdown, as in `Protocol/rules.md`.
  public var explanation: String {
    switch self {
    case .unexpectedCharacter:
      "A character that begins nothing in the language. Write `and`, `or`, `not` in place of `&`, `|`, `!`, and double "
        + "quotes in place of single ones."
    case .unterminatedText:
      "A text begins with `\"` and does not end on its line. Write `\\\"` for a quote inside a text."
    case .badEscape: "A backslash in a text is followed by one of `\"`, `\\`, `{`, `}`, `n`, `t`, and by nothing else."
    case .malformedNumber:
      "A number has at most 18 digits, 6 of them behind the point; a time of day is `HH:MM`, a date `YYYY-MM-DD`, and an "
        + "amount has no more decimals than its currency."
    case .unknownUnit:
      "Durations have the units `ms`, `s`, `m`, `h`, `d`, `w`; distances `km`, `mi`; speeds `km/h`, `mi/h`; shares `%`."
    case .fileTooLarge:
      "A rules file has at most 1 MiB. Long lists belong into files of their own: `list NAME of TYPE from \"FILE\"`."
    case .notUTF8: "Rules files and list files are UTF-8 text."
    case .tooLong: "Names have at most 64 bytes, texts 1,024."
    case .tooDeep: "Parentheses, `not`s and signs nest at most 64 deep. Name parts with `let`."
    case .tooMany: "There is a bound on everything that a file can hold; the message says which one was met."
    case .unexpectedToken: "Something else is needed here; the message says what."
    case .unknownName:
      "Nothing has this name: no field of the activity, no list, counter or named condition of the file. Fields are named "
        + "as in `gatehouse.proto`; attributes are `attributes.KEY`."
    case .duplicateName: "Lists, counters, named conditions and rules share one set of names, and each is given once."
    case .missingClause: "A rule needs `on`, `when` and `then`."
    case .repeatedClause: "Each clause stands once in a rule. Join conditions with `and`, kinds with commas."
    case .reservedName: "The name is a word of the language, a field, or an effect."
    case .malformedName:
      "Names are lower-case letters, digits and underscores; kinds of activity are `ENTITY.ACTION`, `ENTITY.*` or `*`."
    case .unknownEffect: "The effects are `allow`, `suspect_activity`, `friction` and `access_blocked`."
    case .circularDefinition: "A named condition cannot be used in its own definition, not by way of others either."
    case .typeMismatch:
      "Two things that do not go together: money is not a number of failures, a duration is not a count. The message "
        + "says what was expected and what was found."
    case .notACondition: "What stands behind `when`, `where`, `and`, `or`, `not` is true or false. Compare values."
    case .windowMissing: "A counter says nothing until it is said over which time: `payment_attempts over 24h`."
    case .windowMisplaced: "Only counters have windows."
    case .windowOutOfRange: "Windows are 1 second to 400 days long."
    case .unboundedCount:
      "A window keeps as many events as the constants need that its count is compared with, and no more. So counts, "
        + "distinct counts and rates are compared with constants, and take no part in arithmetic."
    case .thresholdOutOfRange: "Counts are compared with 0 to 10,000: the window must keep one event more than that."
    case .unknownTimeZone: "Time zones have IANA names: `Europe/Berlin`; or `UTC`."
    case .emptyRange: "The first bound of a range is above the second. Only hours, times of day and weekdays go around."
    case .notGroupable: "Counters group by, and tell apart, single fields: `location.country`, not `location`."
    case .counterInFilter: "A counter's `where` sees the activity alone. Compare counters in a rule's `when`."
    case .badElement: "A list holds constants of one type; addresses and countries are looked at one by one."
    case .listUnavailable:
      "The file of a list stands beside the rules, under a plain name. The message says why it could not be read."
    case .valueOutOfRange: "A number that makes no sense where it stands; the message says what does."
    case .unknownChoice: "An enumerated field has the words of `gatehouse.proto`, in lower case."
    case .tooComplex:
      "An expression has at most 1,000 parts as written and 4,096 once its named conditions are put in place."
    case .currencyNotGrouped:
      "Amounts of different currencies cannot be added up or compared. Group by `amount.currency` too."
    case .badPattern: "Patterns of `contains` and `matches` are constants of 1 to 63 bytes besides their `*`."
    case .badInterpolation:
      "Between braces in a message stands a counter over its window, or a field that is a text, a whole number, or `amount`."
    case .aggregateMismatch: "Sums and averages are of `amount` and whole numbers, extremes of these and of times."
    case .decisionTooLarge:
      "A decision has at most 1 MiB, also when every rule on a kind of activity fires at once. 1,024 rules with short "
        + "messages and a few counters do; long messages, many tags, and messages with texts put in count most."
    case .unused: "A list, counter or named condition that no rule needs. It costs nothing; it may be a mistake."
    case .sameCounter: "Two counters with one definition share their windows. One name is enough."
    case .foreignConstant:
      "Activities with such a text in this field are refused, so the comparison tells nothing. Countries are two capital "
        + "letters, currencies three; a card's `last4` four digits, its `bin` six or eight. Amounts are in currencies of "
        + "ISO 4217."
    }
  }
}

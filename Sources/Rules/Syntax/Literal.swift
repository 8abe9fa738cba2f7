/// A constant as written, in the unit that evaluation uses.
enum Literal: Hashable, Sendable {
  case boolean(Bool)
  case integer(Int64)
  /// In millionths.
  case decimal(Int64)
  case text(String)
  /// In milliseconds.
  case duration(Int64)
  /// In the currency's smallest unit.
  case money(minorUnits: Int64, currency: String)
  /// In minutes after midnight.
  case clock(Int64)
  /// Unix time in milliseconds.
  case time(Int64)
  /// In metres.
  case distance(Int64)
  /// In metres an hour.
  case speed(Int64)
  /// So many in so many milliseconds: `10 per minute`.
  case rate(Int64, perMilliseconds: Int64)
  /// In hundredths of a per cent.
  case share(Int64)
}

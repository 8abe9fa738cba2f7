import Foundation

extension Currency {
  /// The currencies that ISO 4217 has or once had, by their letters.
  static let known = Set(Locale.Currency.isoCurrencies.map(\.identifier))
}

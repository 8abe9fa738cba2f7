import Arguments
import Transport

extension ValueType<Endpoint> {
  /// Where to listen or connect to.
  static var endpoint: ValueType {
    ValueType(
      placeholder: "ADDRESS", noun: "an address", advice: "give HOST:PORT, [IPV6]:PORT or unix:PATH",
      parse: { Endpoint($0) }, format: { $0.description })
  }
}

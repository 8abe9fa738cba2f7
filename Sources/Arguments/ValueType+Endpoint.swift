extension ValueType<Endpoint> {
  /// Where to listen or connect to.
  public static var endpoint: ValueType {
    ValueType(
      placeholder: "ADDRESS",
      parse: { text throws(ValueError) in
        guard let endpoint = Endpoint(text) else {
          let advice = "give HOST:PORT, [IPV6]:PORT, *:PORT or unix:/PATH"
          throw ValueError("is not an address", advice: advice)
        }
        return endpoint
      },
      format: \.description)
  }
}

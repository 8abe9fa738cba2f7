import Testing

/// `#require` for an expression that changes a value, which the macro itself cannot hold.
func required<Value>(_ value: Value?, sourceLocation: SourceLocation = #_sourceLocation) throws -> Value {
  try #require(value, sourceLocation: sourceLocation)
}

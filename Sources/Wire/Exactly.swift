/// The value as the type that it is, or nil if it is another. Unlike `as?`, this costs one comparison in generic code.
@inline(__always)
func exactly<Value, Known>(_ value: Value, _ type: Known.Type) -> Known? {
  guard Value.self == Known.self else { return nil }
  // The types are the same, so this changes nothing but what the compiler knows.
  return unsafeBitCast(value, to: Known.self)
}

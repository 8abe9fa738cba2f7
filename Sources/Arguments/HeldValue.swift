/// A parsed value on its way from an option to the one who asks for it by that option.
public protocol HeldValue: Sendable {}

/// The one conforming type; a box, so that a held `nil` stays apart from no value.
struct Held<Value: Sendable>: HeldValue {
  let value: Value
}

/// Holds a message that may hold messages of its own kind, which a struct cannot do in place.
///
///     @Indirect public var left: Tree?
@propertyWrapper
public struct Indirect<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  /// Immutable, so that copies may share it.
  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) {
      self.value = value
    }
  }

  private var box: Box?

  /// The message, if there is one.
  public var wrappedValue: Value? {
    get { box?.value }
    set { box = newValue.map(Box.init) }
  }

  public init(wrappedValue: Value?) {
    box = wrappedValue.map(Box.init)
  }

  public init(from decoder: any Decoder) throws {
    box = Box(try Value(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try wrappedValue?.encode(to: encoder)
  }

  public static func == (left: Indirect, right: Indirect) -> Bool {
    left.box === right.box || left.wrappedValue == right.wrappedValue
  }
}

// The code that the compiler writes for a message calls these, so that an indirect field can be absent.

extension KeyedEncodingContainer {
  public mutating func encode<Value>(_ value: Indirect<Value>, forKey key: Key) throws {
    try encodeIfPresent(value.wrappedValue, forKey: key)
  }
}

extension KeyedDecodingContainer {
  public func decode<Value>(_ type: Indirect<Value>.Type, forKey key: Key) throws -> Indirect<Value> {
    Indirect(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
  }
}

import AllKinds
import GatehouseProtocol

/// Messages as callers send them.
enum Samples {
  /// An order with 14 fields, nested ones counted: about 180 bytes.
  static let order = Activity(
    id: "5f0c2b9a71d84e0e", occurredAt: 1_767_225_600_000, customerID: "c-1029384756", entity: "order",
    entityID: "o-5566778899", action: "create", clientIP: "203.0.113.77", deviceID: "d-77aa88bb99cc",
    sessionID: "s-0123456789", location: Location(country: "US", region: "FL", timeZone: "America/New_York"),
    amount: Money(minorUnits: 12_999, currency: "USD"),
    card: Card(fingerprint: "fp-9a8b7c6d5e4f", last4: "4242", bin: "424242"),
    membership: Membership(id: "m-42", startedAt: 1_767_139_200_000), category: .financial)

  static let login = Activity(
    id: "login-1", customerID: "c1", actor: Actor(kind: .customer, id: "c1"), entity: "customer", action: "login",
    wasSuccessful: false, reason: "wrong_password", location: Location(country: "US", region: "FL", latitude: -0.0),
    category: .auth, importance: .high, attributes: ["b": "2", "a": "1", "ä": ""],
    home: Location(country: "US", region: "OK"))

  /// Something in every field.
  static let allKinds = AllKinds(
    aDouble: -1.5, aFloat: .infinity, anInt32: .min, anInt64: .min, aUint32: .max, aUint64: .max, aSint32: .min,
    aSint64: .min, aFixed32: 1, aFixed64: 2, aSfixed32: -3, aSfixed64: -4, aBool: true, aString: "é", aBytes: [0, 255],
    aMood: .bad, aLeaf: Leaf(name: "oak", weight: -1, isGreen: false, veins: ["", "x"]), maybeDouble: 0, maybeFloat: 0,
    maybeInt32: 0, maybeInt64: 0, maybeUint32: 0, maybeUint64: 0, maybeSint32: 0, maybeSint64: 0, maybeFixed32: 0,
    maybeFixed64: 0, maybeSfixed32: 0, maybeSfixed64: 0, maybeBool: false, maybeString: "", maybeBytes: [],
    maybeMood: .unspecified, doubles: [0, -0.0, 1], floats: [2.5], int32s: [-1, 0, 1], int64s: [.min, .max],
    uint32s: [.max], uint64s: [0, .max], sint32s: [.min, -1], sint64s: [.max], fixed32s: [1, 2], fixed64s: [3],
    sfixed32s: [-1], sfixed64s: [-2], bools: [true, false], strings: ["a", ""], byteStrings: [[], [1]],
    moods: [.good, .init(rawValue: 99)], leaves: [Leaf(), Leaf(name: "elm")], expandedInt32s: [0, -7],
    expandedMoods: [.extreme], byInt32: [-1: "minus", 1: ""], byInt64: [.min: [9]], byUint32: [0: 0.5],
    byUint64: [.max: -2], bySint32: [-5: .min], bySint64: [5: 6], byFixed32: [7: -8], byFixed64: [8: .bad],
    bySfixed32: [-9: true], bySfixed64: [.min: Leaf(weight: 3)],
    byBool: [true: AllKinds(aBool: true), false: AllKinds()], byString: ["": "empty", "k": "v"],
    leafByName: ["ash": Leaf(veins: ["1"])], choice: .chosenLeaf(Leaf(name: "one")),
    child: AllKinds(aString: "child"), children: [AllKinds(aBool: true), AllKinds()], empty: Empty(),
    deeper: .init(word: "w", inner: .init(deeper: .init(colour: .red))), switch: 1, defaultForURLID: 2, last: "end")
}

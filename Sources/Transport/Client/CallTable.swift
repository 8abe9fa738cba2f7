/// A client's open calls by id. Ids rise, and skip those whose place is still taken, so that a lookup is one index.
///
/// Allocates when made and when it grows; never per call.
///
/// Invariant: the call with id `n` is at `n` modulo the capacity, or nowhere.
struct CallTable<Call> {
  fileprivate struct Place {
    let id: UInt32
    var call: Call
  }

  private var places: [Place?]
  private let mask: UInt32
  private(set) var count = 0
  /// The highest id given out.
  private(set) var lastID: UInt32 = 0
  /// The most calls at once.
  var limit: Int

  /// Places for each call there may be: with four, the next is nearly always free.
  private static var placesPerCall: Int { 4 }
  /// The highest id given out: ids end before they could wrap.
  static var maxID: UInt32 { 0xFFFF_0000 }

  /// - Parameter limit: 1 to 65,536.
  init(limit: Int) {
    self.limit = limit
    var capacity = 16
    while capacity < limit * Self.placesPerCall { capacity *= 2 }
    places = Array(repeating: nil, count: capacity)
    mask = UInt32(capacity - 1)
  }

  /// Whether ids have run out: open another connection.
  var isExhausted: Bool { lastID >= Self.maxID }

  /// Enters a call under a new id; nil when there are too many, or ids have run out.
  mutating func insert(_ call: Call) -> UInt32? {
    guard count < limit, !isExhausted else { return nil }
    var id = lastID + 1
    // A free place comes: there are more places than calls.
    while places[Int(id & mask)] != nil { id += 1 }
    places[Int(id & mask)] = Place(id: id, call: call)
    lastID = id
    count += 1
    return id
  }

  /// The call with this id, nil when there is none.
  subscript(id: UInt32) -> Call? {
    guard let place = places[Int(id & mask)], place.id == id else { return nil }
    return place.call
  }

  /// Replaces an open call.
  mutating func update(_ id: UInt32, _ call: Call) {
    guard let place = places[Int(id & mask)], place.id == id else { return }
    places[Int(id & mask)] = Place(id: id, call: call)
  }

  /// Takes a call out.
  mutating func remove(_ id: UInt32) -> Call? {
    let index = Int(id & mask)
    guard let place = places[index], place.id == id else { return nil }
    places[index] = nil
    count -= 1
    return place.call
  }

  /// All open calls, by rising id.
  var all: [(id: UInt32, call: Call)] {
    guard count > 0 else { return [] }
    return places.compactMap { $0.map { (id: $0.id, call: $0.call) } }.sorted { $0.id < $1.id }
  }
}

extension CallTable: Sendable where Call: Sendable {}
extension CallTable.Place: Sendable where Call: Sendable {}

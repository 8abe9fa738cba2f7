/// Finds the plan of an activity's kind: its own, else its entity's (`customer.*`), else everything's (`*`).
struct KindTable {
  private let entities: TextTable
  private let actions: TextTable
  /// By entity and action number: the kind, or −1. The last row and column stand for names that no rule knows.
  private let kinds: FixedBuffer<Int32>
  private let columns: Int
  private let rows: Int

  init(kinds names: [String]) {
    var entityNames: [String] = []
    var actionNames: [String] = []
    for name in names where name != "*" {
      let (entity, action) = Self.split(name)
      if !entityNames.contains(entity) { entityNames.append(entity) }
      if action != "*", !actionNames.contains(action) { actionNames.append(action) }
    }
    (rows, columns) = (entityNames.count + 1, actionNames.count + 1)
    let byName = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    var table: [Int32] = []
    for entity in entityNames + [""] {
      for action in actionNames + [""] {
        table.append(byName["\(entity).\(action)"] ?? byName["\(entity).*"] ?? byName["*"] ?? -1)
      }
    }
    entities = TextTable(entityNames.map { Array($0.utf8) })
    actions = TextTable(actionNames.map { Array($0.utf8) })
    kinds = FixedBuffer(table)
  }

  /// The kind's index, or −1.
  @inline(__always)
  func find(entity: UnsafeRawBufferPointer, action: UnsafeRawBufferPointer) -> Int32 {
    let row = entities.find(entity)
    let column = actions.find(action)
    return kinds[(row < 0 ? rows &- 1 : Int(row)) &* columns &+ (column < 0 ? columns &- 1 : Int(column))]
  }

  func deallocate() {
    entities.deallocate()
    actions.deallocate()
    kinds.deallocate()
  }

  /// Whether what is said of `pattern` holds for `kind`.
  static func matches(pattern: String, kind: String) -> Bool {
    if pattern == "*" || pattern == kind { return true }
    guard kind != "*" else { return false }
    let (entity, action) = split(pattern)
    return action == "*" && split(kind).entity == entity
  }

  private static func split(_ kind: String) -> (entity: String, action: String) {
    let parts = kind.split(separator: ".", omittingEmptySubsequences: false)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }
}

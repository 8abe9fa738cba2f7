import CAllocationCount
import Testing

@testable import Journal

/// What the tree costs besides hashing.
struct TreeCostTests {
  @Test("a tree grows by the thousand leaves without an allocation but for its tiles")
  func growing() {
    let entry = [UInt8](repeating: 7, count: 250)
    var builder = TileBuilder()
    for _ in 0..<Tile.width { builder.append(MerkleTree.leaf(entry)) { _, _ in } }
    var tiles = 0
    let before = own_allocation_count()
    entry.withUnsafeBytes { entry in
      for _ in 0..<100 * Tile.width { builder.append(MerkleTree.leaf(entry)) { _, _ in tiles += 1 } }
    }
    let count = Int(own_allocation_count() - before)
    #expect(tiles == 100)
    // A bound far below one for each leaf.
    #expect(count <= 20 * tiles, "\(count) allocations for \(tiles) tiles of \(Tile.width) leaves")
  }
}

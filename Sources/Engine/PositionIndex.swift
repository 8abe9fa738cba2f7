import CLinux
import Glibc
import Windows

/// Finds positions by the hash of what stands there: open addressing with linear probing over 8-byte cells, each a
/// position and 32 bits of the hash, so that probing and deleting never touch what the positions point to.
///
/// Never more than half full. Deletion shifts back (Knuth, TAOCP 6.4, algorithm R); there are no tombstones.
struct PositionIndex: ~Copyable {
  /// A search in progress.
  struct Probe {
    fileprivate var cell: Int
    fileprivate let tag: UInt32
  }

  /// The low half is the position plus one, 0 when the cell is empty; the high half is the hash's tag, whose top bits
  /// are the home.
  private let cells: UnsafeMutablePointer<UInt64>
  private let mask: Int
  private let homeShift: UInt32

  /// - Parameter capacity: how many positions at most, up to 2³⁰.
  init(capacity: Int) {
    let bits = max(4, Int.bitWidth - (2 * capacity - 1).leadingZeroBitCount)
    precondition(bits <= 31, "an index holds at most 2^30 positions")
    mask = (1 << bits) - 1
    homeShift = UInt32(32 - bits)
    // calloc of a large block: zero pages that cost no memory until they are written.
    guard let memory = calloc(mask + 1, MemoryLayout<UInt64>.stride) else { preconditionFailure("out of memory") }
    cells = memory.bindMemory(to: UInt64.self, capacity: mask + 1)
  }

  deinit { free(cells) }

  func prefetch(_ hash: Hash128) { cl_prefetch(cells + home(Self.tag(hash))) }

  /// Begins a search; `next` yields every position whose hash may be the one asked for.
  func probe(_ hash: Hash128) -> Probe {
    let tag = Self.tag(hash)
    return Probe(cell: home(tag), tag: tag)
  }

  func next(_ probe: inout Probe) -> UInt32? {
    while true {
      let cell = cells[probe.cell]
      if cell == 0 { return nil }
      probe.cell = (probe.cell + 1) & mask
      if UInt32(truncatingIfNeeded: cell >> 32) == probe.tag { return UInt32(truncatingIfNeeded: cell) - 1 }
    }
  }

  func insert(_ hash: Hash128, position: UInt32) {
    let tag = Self.tag(hash)
    var place = home(tag)
    while cells[place] != 0 { place = (place + 1) & mask }
    cells[place] = UInt64(tag) << 32 | UInt64(position + 1)
  }

  func remove(_ hash: Hash128, position: UInt32) {
    let tag = Self.tag(hash)
    let sought = UInt64(tag) << 32 | UInt64(position + 1)
    var hole = home(tag)
    while cells[hole] != sought {
      if cells[hole] == 0 { return }
      hole = (hole + 1) & mask
    }
    var scan = hole
    while true {
      scan = (scan + 1) & mask
      let cell = cells[scan]
      if cell == 0 { break }
      let distanceHome = (scan - home(UInt32(truncatingIfNeeded: cell >> 32))) & mask
      let distanceHole = (scan - hole) & mask
      if distanceHome >= distanceHole {
        cells[hole] = cell
        hole = scan
      }
    }
    cells[hole] = 0
  }

  private static func tag(_ hash: Hash128) -> UInt32 { UInt32(truncatingIfNeeded: hash.high >> 32) }

  private func home(_ tag: UInt32) -> Int { Int(tag >> homeShift) }
}

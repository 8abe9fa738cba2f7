/// What one segment adds to the tree, hashed apart from the others so that several can be hashed at once.
///
/// A tile of level 0 that lies wholly in the segment is held against its file here and only its root goes on; the leaves before the
/// first such tile and after the last, and of the tiles in which an expected checkpoint ends, go on themselves.
struct SegmentHashes {
  enum Piece {
    case leaves([MerkleHash])
    /// The root of 256 leaves that are those of their tile.
    case tile(MerkleHash)
  }

  private(set) var pieces: [Piece] = []
  /// Why the rest of the segment is missing; nil if it is whole.
  private(set) var fault: SegmentFault?
  /// The index after the last entry, and where in the file it ends.
  private(set) var end: BatchMark

  private var leaves: [MerkleHash] = []
  private var nextIndex: UInt64
  private let plan: VerificationPlan

  /// Scans and hashes the whole segment, or as much as is right.
  /// - Parameter progress: told of bytes and entries since it was told last, every `VerificationPlan.stepBytes`.
  init(_ segment: SegmentInfo, _ plan: VerificationPlan, progress: (_ bytes: UInt64, _ entries: UInt64) -> Void) {
    self.plan = plan
    nextIndex = segment.firstIndex
    end = BatchMark(firstIndex: segment.firstIndex, offset: 0)
    leaves.reserveCapacity(Tile.width)
    do throws(StorageError) {
      let scanner = try SegmentScanner(segment, in: plan.storage)
      scan(scanner, progress)
      end = BatchMark(firstIndex: scanner.nextIndex, offset: scanner.offset)
    } catch {
      fault = .batch(.storage(error))
    }
    if !leaves.isEmpty { pieces.append(.leaves(leaves)) }
  }

  private mutating func scan(_ scanner: SegmentScanner, _ progress: (UInt64, UInt64) -> Void) {
    var told = end
    do throws(BatchFault) {
      try scanner.open()
      while fault == nil, let batch = try scanner.next() {
        batch.forEach(from: 0, to: .max) { take(MerkleTree.leaf($0.bytes)) }
        if scanner.offset - told.offset >= VerificationPlan.stepBytes {
          progress(scanner.offset - told.offset, scanner.nextIndex - told.firstIndex)
          told = BatchMark(firstIndex: scanner.nextIndex, offset: scanner.offset)
        }
      }
    } catch {
      fault = .batch(error)
    }
    progress(scanner.offset - told.offset, scanner.nextIndex - told.firstIndex)
  }

  private mutating func take(_ leaf: MerkleHash) {
    leaves.append(leaf)
    nextIndex += 1
    if nextIndex % UInt64(Tile.width) == 0, fault == nil { closeTile() }
  }

  private mutating func closeTile() {
    let tile = Tile(level: 0, number: nextIndex / UInt64(Tile.width) - 1)
    if leaves.count < Tile.width || plan.splitTiles.contains(tile.number) {
      pieces.append(.leaves(leaves))
    } else if let difference = plan.difference(of: tile, from: leaves) {
      fault = .tile(tile, difference)
    } else {
      pieces.append(.tile(leaves.withUnsafeMutableBufferPointer { MerkleTree.root(consuming: $0) }))
    }
    leaves.removeAll(keepingCapacity: true)
  }
}

/// Why a segment is not hashed to its end.
enum SegmentFault {
  case batch(BatchFault)
  /// A tile is not what its entries make it.
  case tile(Tile, TileDifference)
}

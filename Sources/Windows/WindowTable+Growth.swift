extension WindowTable {
  /// The slot of a key that is not there yet, its cell empty.
  @inline(never)
  func insert(_ key: Hash128) -> UnsafeMutableRawPointer {
    if count >= maximumKeys { evict(near: key) }
    while true {
      let segment = segment(of: key)
      let place = place(of: key)
      if !segment.isFull && segment.open(place, stride: stride) {
        count += 1
        place.storeBytes(of: key.high, as: UInt64.self)
        place.storeBytes(of: key.low, toByteOffset: 8, as: UInt64.self)
        return place
      }
      makeRoom(in: segment, for: key)
    }
  }

  private func makeRoom(in segment: WindowSegment, for key: Hash128) {
    if segment.count < WindowSegment.splitKeys {
      replace(segment, of: key.high, by: [segment.copy(depth: segment.depth, stride: stride) { _ in true }])
    } else if maySplit(segment) {
      split(segment, of: key.high)
    } else {
      evict(near: key)
    }
  }

  /// Keys that are hashes differ within the first bits that tell as many keys apart as there are. Refusing to look
  /// further bounds the directory by 16 bytes a key, whatever the keys are.
  private func maySplit(_ segment: WindowSegment) -> Bool {
    1 << (segment.depth + 1) <= count
  }

  private func split(_ segment: WindowSegment, of high: UInt64) {
    if segment.depth == directoryDepth { doubleDirectory() }
    let bit: UInt64 = 1 << UInt64(63 - segment.depth)
    let halves = [
      segment.copy(depth: segment.depth + 1, stride: stride) { WindowSegment.key($0).high & bit == 0 },
      segment.copy(depth: segment.depth + 1, stride: stride) { WindowSegment.key($0).high & bit != 0 },
    ]
    replace(segment, of: high, by: halves)
  }

  /// Puts one segment, or two that share its keys, in the place of the one that `high` belongs to and frees that one.
  func replace(_ segment: WindowSegment, of high: UInt64, by replacements: [WindowSegment]) {
    let width = 1 << (directoryDepth - segment.depth)
    var index = directoryIndex(high) & ~(width - 1)
    for replacement in replacements {
      let span = 1 << (directoryDepth - replacement.depth)
      (directory + index).update(repeating: Self.entry(replacement), count: span)
      index += span
      segmentBytes += replacement.bytes(stride: stride)
    }
    segmentBytes -= segment.bytes(stride: stride)
    segment.base.deallocate()
  }

  private func doubleDirectory() {
    let entries = 1 << directoryDepth
    let doubled = UnsafeMutablePointer<Entry>.allocate(capacity: entries * 2)
    for index in 0..<entries { (doubled + index * 2).initialize(repeating: directory[index], count: 2) }
    directory.deallocate()
    directory = doubled
    directoryDepth += 1
  }
}

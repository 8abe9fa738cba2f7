import Windows

/// The remembered answers in bytes, for snapshots, in the order of their arrival. Numbers are little-endian. An answer is
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 16 | the id's hash: `high`, `low`, UInt64 each |
/// | 16 | 8 | what tells its content from other content, UInt64 |
/// | 24 | 4 | when it was given, Unix seconds, UInt32 |
/// | 28 | 4 | n, the length of the answer, UInt32 |
/// | 32 | n | the answer |
extension AnswerMemory {
  static let answerHeaderBytes = 32

  /// Appends answers in the order of their arrival to `bytes`, beginning with number `first` of all that ever arrived or
  /// the oldest still there, until `limit` bytes are reached. Ids that are not answered are left out.
  /// - Returns: the number to go on with; nil if there are no more.
  func exportAnswers(from first: UInt64, limit: Int, to bytes: inout [UInt8]) -> UInt64? {
    let end = bytes.count + limit
    var number = max(first, oldest)
    while number < newest {
      guard bytes.count < end else { return number }
      let place = Int(number % entryCapacity)
      if entries[place].state == .answered { append(entries[place], answer(atPlace: place), to: &bytes) }
      number += 1
    }
    return nil
  }

  private func append(_ entry: Entry, _ answer: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    bytes.appendInteger(entry.id.high)
    bytes.appendInteger(entry.id.low)
    bytes.appendInteger(entry.content)
    bytes.appendInteger(entry.createdAtSeconds)
    bytes.appendInteger(UInt32(answer.count))
    bytes.append(contentsOf: answer)
  }
}

/// An answer as `AnswerMemory.exportAnswers` writes it.
struct ExportedAnswer {
  let id: Hash128
  let content: UInt64
  let createdAtSeconds: UInt32
  let answer: UnsafeRawBufferPointer

  /// Its length in the export.
  var byteCount: Int { AnswerMemory.answerHeaderBytes + answer.count }

  /// The one at the start of `bytes`; nil if they end within it.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= AnswerMemory.answerHeaderBytes else { return nil }
    id = Hash128(high: bytes.integer(at: 0), low: bytes.integer(at: 8))
    content = bytes.integer(at: 16)
    createdAtSeconds = bytes.integer(at: 24)
    let length = Int(bytes.integer(at: 28, as: UInt32.self))
    guard bytes.count - AnswerMemory.answerHeaderBytes >= length else { return nil }
    let start = AnswerMemory.answerHeaderBytes
    answer = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
  }
}

import Foundation
import Testing

@testable import Journal

/// Strangers check what we wrote: `Tests/interop/journal` sets the variables and runs this.
/// A program that shares no code with us reads the segments, rebuilds the tree with a library from PyPI, and has `openssl` check the signature.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GATEHOUSE_JOURNAL_VERIFIER"] != nil))
struct InteropTests {
  let directory = TemporaryDirectory()

  @Test("tiles, checkpoint, receipts and a consistency proof are accepted by a verifier that is not ours")
  func strangers() throws {
    var configuration = JournalConfiguration(origin: Book.origin)
    configuration.limits.segmentBytes = 64 << 10
    let journal = try Journal.open(
      storage: PosixStorage(root: directory.path), configuration: configuration, now: { 1000 })
    for number in 0..<1100 {
      _ = Book.entry(number).withUnsafeBytes { journal.writer.append($0) }
      if number % 25 == 24 { journal.writer.drain() }
    }
    journal.step()
    let log = try #require(journal.covered)
    let size = log.size
    for index in [UInt64(0), 1, 255, 256, 700, size - 1] {
      let receipt = try log.receipt(for: index).encoded
      try Data(receipt).write(to: URL(fileURLWithPath: "\(directory.path)/\(index).tlog-proof"))
    }
    let proof = try log.tree.consistencyProof(from: 333, to: size).map { "\($0)\n" }.joined()
    try Data("333 \(size)\n\(proof)".utf8).write(to: URL(fileURLWithPath: directory.path + "/consistency"))
    journal.close()
    let accepted = try verdict()
    #expect(accepted.status == 0, "\(accepted.complaint)")
    let path = directory.path + "/tile/0/001"
    var tile = try Data(contentsOf: URL(fileURLWithPath: path))
    tile[77] ^= 1
    try tile.write(to: URL(fileURLWithPath: path))
    let refused = try verdict()
    #expect(refused.status == 1)
    #expect(refused.complaint.contains("AssertionError: (0, 1)"), "the verifier can say no, and names the tile")
  }

  /// What the verifier ends with, and what it says on its standard error.
  private func verdict() throws -> (status: Int32, complaint: String) {
    let environment = ProcessInfo.processInfo.environment
    let process = Process()
    process.executableURL = URL(fileURLWithPath: environment["GATEHOUSE_PYTHON"] ?? "/usr/bin/python3")
    process.arguments = [environment["GATEHOUSE_JOURNAL_VERIFIER"] ?? "", directory.path]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let complaint = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: complaint, as: UTF8.self))
  }
}

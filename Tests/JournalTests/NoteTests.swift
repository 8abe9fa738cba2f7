import Testing

@testable import Journal

/// Signed notes against the examples that C2SP publishes.
struct NoteTests {
  static let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
  static let note = Array(
    """
    This is an example message.

    \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

    """.utf8)

  @Test("C2SP's example note verifies under C2SP's example key")
  func example() throws {
    let verifier = try NoteVerifier(vkey: Self.vkey)
    #expect(verifier.name == "example.com/foo")
    #expect(verifier.keyID == 0x530D_903A)
    #expect(verifier.description == Self.vkey)
    let note = try SignedNote(parsing: Self.note)
    #expect(note.text == "This is an example message.\n")
    #expect(note.encoded == Self.note)
    #expect(try verifier.verify(note))
  }

  @Test("the text is separated from the signatures by the last empty line")
  func lastEmptyLine() throws {
    let signer = try NoteSigner(name: "a", seed: [UInt8](repeating: 1, count: 32))
    let text = "Ognuno sta solo sul cuor della terra\n\n\ned è subito sera.\n"
    let note = try SignedNote(parsing: SignedNote(text: text, signatures: [signer.sign(text)]).encoded)
    #expect(note.text == text)
    #expect(try signer.verifier.verify(note))
  }

  @Test("no bit of the example can be flipped without its being refused")
  func everyBit() throws {
    let verifier = try NoteVerifier(vkey: Self.vkey)
    for place in Self.note.indices {
      for bit in 0..<8 {
        var forged = Self.note
        forged[place] ^= 1 << UInt8(bit)
        let isAccepted = (try? SignedNote(parsing: forged)).map { (try? verifier.verify($0)) ?? false } ?? false
        #expect(!isAccepted, "byte \(place), bit \(bit)")
      }
    }
  }

  @Test("a note of sixteen signatures, most of strangers, is accepted")
  func manySignatures() throws {
    var note = SignedNote(text: "x\n", signatures: [])
    for number in UInt8(1)...16 {
      let signer = try NoteSigner(name: "signer\(number)", seed: [UInt8](repeating: number, count: 32))
      note.signatures.append(try signer.sign(note.text))
    }
    let read = try SignedNote(parsing: note.encoded)
    #expect(read == note)
    let last = try NoteSigner(name: "signer16", seed: [UInt8](repeating: 16, count: 32)).verifier
    #expect(try last.verify(read))
    let stranger = try NoteSigner(name: "signer16", seed: [UInt8](repeating: 17, count: 32)).verifier
    #expect(try !stranger.verify(read))
  }

  @Test(
    "a malformed note is refused",
    arguments: [
      "", "\n", "\n\n", "x\n", "x\n\n", "x\n\n\n", "x\n\n\u{2014} a AAAAAAA=", "x\n\n- a AAAAAAA=\n",
      "x\n\n\u{2014} a+b AAAAAAA=\n", "x\n\n\u{2014} a AAAA\n", "x\n\n\u{2014} a !!!!\n", "x\n\n\u{2014}  AAAAAAA=\n",
      "x\r\n\n\u{2014} a AAAAAAA=\n", "x\u{1}\n\n\u{2014} a AAAAAAA=\n", "x\n\n\u{2014} a AAAAAAA= \n",
    ])
  func malformed(text: String) {
    #expect(throws: JournalError.self) { try SignedNote(parsing: Array(text.utf8)) }
  }

  @Test(
    "a malformed verifier key is refused",
    arguments: [
      "", "a", "a+b", "a+530d903a+", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ])
  func malformedKey(text: String) {
    #expect(throws: JournalError.self) { try NoteVerifier(vkey: text) }
  }

  @Test("a witness's cosignature verifies over its time and the whole text")
  func cosignature() throws {
    let seed = [UInt8](repeating: 3, count: 32)
    let publicKey = try #require(Ed25519.publicKey(seed: seed))
    let witness = NoteVerifier(name: "witness.example/w1", kind: .cosignature, publicKey: publicKey)
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    let signed = Array("cosignature/v1\ntime 1679315147\n\(text)".utf8)
    let signature = try #require(Ed25519.sign(signed, seed: seed))
    let time: [UInt8] = [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCB]
    func note(_ time: [UInt8]) -> SignedNote {
      let line = SignedNote.Signature(keyName: witness.name, keyID: witness.keyID, bytes: time + signature)
      return SignedNote(text: text, signatures: [line])
    }
    #expect(try witness.verify(note(time)))
    #expect(throws: JournalError.self) { try witness.verify(note([0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCC])) }
    #expect(throws: JournalError.self) { try witness.verify(note([])) }
    #expect(try NoteVerifier(vkey: witness.description) == witness)
  }

  @Test("RFC 8032's first test vector is signed as published")
  func publishedSignature() throws {
    let seed = try #require(bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    let publicKey = try #require(Ed25519.publicKey(seed: seed))
    #expect(hexadecimal(publicKey) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    let signature = try #require(Ed25519.sign([], seed: seed))
    #expect(
      hexadecimal(signature) == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
  }

  private func bytes(_ hexadecimal: String) -> [UInt8]? {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    guard digits.count == hexadecimal.count else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}

import Testing

@testable import Journal

/// Signed notes against the vectors of the reference implementation (golang.org/x/mod/sumdb/note), whose format C2SP took over.
struct NoteVectorTests {
  static let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  /// The algorithm's number, then the seed.
  static let privateKey = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
  static let text = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    """
  static let line =
    "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

  @Test("the published note verifies under the published key")
  func verifies() throws {
    let note = try SignedNote(parsing: Array("\(Self.text)\n\(Self.line)".utf8))
    #expect(note.text == Self.text)
    #expect(try NoteVerifier(vkey: Self.vkey).verify(note))
  }

  @Test("the published private key makes the published signature, byte for byte")
  func signs() throws {
    let key = try #require(Base64.decode(Self.privateKey))
    let signer = try NoteSigner(name: "PeterNeumann", seed: Array(key.dropFirst()))
    #expect(signer.verifier.description == Self.vkey)
    let note = SignedNote(text: Self.text, signatures: [try signer.sign(Self.text)])
    #expect(note.encoded == Array("\(Self.text)\n\(Self.line)".utf8))
  }

  @Test("no part of the published key is a key, and no character of it can be another")
  func mangledKeys() {
    let key = Array(Self.vkey.utf8)
    for start in key.indices {
      for end in start + 1...key.count where end - start < key.count {
        #expect(throws: JournalError.self) { try NoteVerifier(vkey: String(decoding: key[start..<end], as: UTF8.self)) }
      }
    }
    for place in key.indices {
      var mangled = key
      mangled[place] += 1
      let text = String(decoding: mangled, as: UTF8.self)
      #expect(throws: JournalError.self, "\(text)") { try NoteVerifier(vkey: text) }
    }
  }

  @Test("a signature that stands there twice counts once, a stranger's is passed over, a false one of ours spoils all")
  func severalSignatures() throws {
    let verifier = try NoteVerifier(vkey: Self.vkey)
    let stranger =
      "\u{2014} EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
    func verify(_ lines: String) throws -> Bool {
      try verifier.verify(SignedNote(parsing: Array("\(Self.text)\n\(lines)".utf8)))
    }
    #expect(try verify(Self.line + Self.line))
    #expect(try verify(stranger + Self.line))
    #expect(try !verify(stranger))
    let enoch = try NoteVerifier(vkey: "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")
    #expect(try enoch.verify(SignedNote(parsing: Array("\(Self.text)\n\(stranger)\(Self.line)".utf8))))
    let forged = Self.line.replacing("x08go/ZJ", with: "x08go/ZK")
    #expect(throws: JournalError.self) { try verify(forged) }
    #expect(throws: JournalError.self) { try verify(Self.line + forged) }
  }

  @Test("more signatures than a note may have are refused")
  func tooMany() {
    let lines = String(repeating: Self.line, count: SignedNote.maximumSignatures + 1)
    #expect(throws: JournalError.self) { try SignedNote(parsing: Array("\(Self.text)\n\(lines)".utf8)) }
  }
}

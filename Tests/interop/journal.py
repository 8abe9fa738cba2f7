"""Checks a journal directory from its description alone (Protocol/journal.md and C2SP), with a Merkle tree that is not ours.

usage: journal.py DIR      exit status 0 if everything agrees
"""
import base64, hashlib, struct, subprocess, sys, tempfile
from pathlib import Path
from pymerkle import InclusionProof, InmemoryTree, verify_inclusion
from pymerkle.hasher import MerkleHasher

root_directory = Path(sys.argv[1])


def crc32c(data, state=0xFFFFFFFF):
    for byte in data:
        state ^= byte
        for _ in range(8):
            state = (state >> 1) ^ (0x82F63B78 if state & 1 else 0)
    return state


def finished(state):
    return state ^ 0xFFFFFFFF


def entries():
    """All entries, segment by segment, every length and header checksum checked."""
    index = 0
    for path in sorted((root_directory / "segments").iterdir()):
        data = path.read_bytes()
        magic, version, length, features, first, _, journal = struct.unpack_from("<8sHHIQq16s", data)
        assert magic == b"GHBOOK\r\n" and version == 1 and features == 0 and first == index == int(path.stem), path
        assert finished(crc32c(data[:length - 4])) == struct.unpack_from("<I", data, length - 4)[0], path
        offset = length
        while offset < len(data):
            magic, length, flags, size, count, first, _, durable, crc = struct.unpack_from("<4sHHIIQqQI", data, offset)
            assert magic == b"BTCH" and flags == 0 and first == index and durable <= index, (path, offset)
            header = data[offset:offset + length]
            assert finished(crc32c(header[:-4], crc32c(journal))) == struct.unpack("<I", header[-4:])[0], (path, offset)
            payload = data[offset + length:offset + length + size]
            assert finished(crc32c(payload)) == crc, (path, offset)
            place = 0
            for _ in range(count):
                (size_of_entry,) = struct.unpack_from("<I", payload, place)
                yield payload[place + 4:place + 4 + size_of_entry]
                place += 4 + size_of_entry
            assert place == len(payload)
            index += count
            offset += length + size


def tile_path(level, number, width):
    parts = ["%03d" % (number % 1000)]
    while number >= 1000:
        number //= 1000
        parts.insert(0, "x%03d" % (number % 1000))
    return root_directory / "tile" / str(level) / ("/".join(parts) + ("" if width == 256 else f".p/{width}"))


def openssl_accepts(public_key, signature, text):
    """RFC 8410's SubjectPublicKeyInfo of the raw key, then `openssl pkeyutl`."""
    der = bytes.fromhex("302a300506032b6570032100") + public_key
    with tempfile.TemporaryDirectory() as directory:
        for name, content in (("key", der), ("signature", signature), ("text", text)):
            (Path(directory) / name).write_bytes(content)
        command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
        return subprocess.run(command.split(), cwd=directory, capture_output=True).returncode == 0


def checkpoint(note):
    """The size and root of a note whose signature openssl has accepted."""
    text, signatures = note[:note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2:]
    name, key_id, key = (root_directory / "key.vkey").read_text().strip().split("+", 2)
    key = base64.b64decode(key, validate=True)
    assert key[0] == 1
    assert hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_id
    dash, signer, signature = signatures.decode().splitlines()[0].split(" ")
    signature = base64.b64decode(signature, validate=True)
    assert dash == "\u2014" and signer == name and signature[:4].hex() == key_id
    assert openssl_accepts(key[1:], signature[4:], text), "openssl refuses the signature"
    assert not openssl_accepts(key[1:], signature[4:], text + b" ")
    origin, size, root = text.decode().splitlines()
    assert origin == name
    return int(size), base64.b64decode(root, validate=True)


pair_hash = MerkleHasher("sha256", True).hash_pair


def check_tiles(leaves, size):
    hashes, level = leaves[:size], 0
    while hashes:
        for number in range((len(hashes) + 255) // 256):
            part = hashes[number * 256:number * 256 + 256]
            assert tile_path(level, number, len(part)).read_bytes() == b"".join(part), (level, number)
        # A tile's root, with the library's hash of pairs.
        above = []
        for number in range(len(hashes) // 256):
            part = hashes[number * 256:number * 256 + 256]
            while len(part) > 1:
                part = [pair_hash(a, b) for a, b in zip(part[::2], part[1::2])]
            above.append(part[0])
        hashes, level = above, level + 1


def check_receipt(path, tree, leaves):
    proof, note = path.read_bytes().split(b"\n\n", 1)
    size, root = checkpoint(note)
    title, index, *hashes = proof.decode().splitlines()
    assert title == "c2sp.org/tlog-proof@v1" and index == f"index {path.stem}"
    hashes = [base64.b64decode(line, validate=True) for line in hashes]
    index = int(path.stem)
    theirs = tree.prove_inclusion(index + 1, size)
    assert theirs.path[1:] == hashes, path
    ours = InclusionProof("sha256", True, size, index + 1, theirs.rule, [leaves[index]] + hashes)
    verify_inclusion(leaves[index], root, ours, index=index + 1, size=size)


def check_consistency(tree):
    """RFC 9162 section 2.1.4.2, over the roots that the library computes."""
    sizes, *hashes = (root_directory / "consistency").read_text().splitlines()
    old, new = map(int, sizes.split())
    path = [base64.b64decode(line, validate=True) for line in hashes]
    if old & (old - 1) == 0:
        path.insert(0, tree.get_root(old))
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        assert last != 0
        if position & 1 or position == last:
            first, second = pair_hash(sibling, first), pair_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = pair_hash(second, sibling)
        position, last = position >> 1, last >> 1
    assert last == 0 and first == tree.get_root(old) and second == tree.get_root(new)


tree = InmemoryTree(algorithm="sha256")
leaves = []
for entry in entries():
    tree.append_entry(entry)
    leaves.append(hashlib.sha256(b"\0" + entry).digest())
size, root = checkpoint((root_directory / "checkpoint").read_bytes())
assert size == len(leaves) and tree.get_root(size) == root, "another root"
check_tiles(leaves, size)
receipts = sorted(root_directory.glob("*.tlog-proof"))
assert receipts
for receipt in receipts:
    check_receipt(receipt, tree, leaves)
check_consistency(tree)
command = ["openssl", "pkey", "-in", str(root_directory / "key.pem"), "-pubout", "-outform", "DER"]
public = subprocess.run(command, check=True, capture_output=True).stdout
vkey = (root_directory / "key.vkey").read_text().strip().split("+", 2)[2]
assert public[-32:] == base64.b64decode(vkey)[1:], "key.pem and key.vkey do not belong together"
print(f"{size} entries, {len(receipts)} receipts: all agree")

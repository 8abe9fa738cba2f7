"""Logs that somebody altered: flipped bits, edited, dropped, exchanged entries; held against a checkpoint kept outside."""

import os
import shutil
import struct
import subprocess

import journal
from peer import require
from process import Scene
from traffic import DURABLE
from verdict import Verdict


def verifies(run, directory, checkpoint):
    """What `gatehouse log verify` says of it."""
    command = [run.program, "log", "verify", directory, "--against", checkpoint]
    result = subprocess.run(command, capture_output=True, text=True)
    require(result.returncode in (0, 1), f"log verify ended with {result.returncode}: {result.stderr[-300:]}")
    return result.returncode == 0


def whole_log(run, scene, fill):
    """A log that `fill(address)` filled and that was closed in order; its checkpoint, copied away."""
    with scene.house() as house:
        require(fill(house.must_serve()), "the server went away")
        house.stop()
    outside = os.path.join(scene.folder, "checkpoint")
    shutil.copy(os.path.join(scene.data, "checkpoint"), outside)
    require(verifies(run, scene.data, outside), "a whole log does not verify")
    return outside


def durable_calls(scene, calls):
    return lambda address: scene.traffic.run(address, calls, depth=64, durability=DURABLE)


def flipped_bits(run, calls, count):
    """Bits flipped in a log of so many calls."""
    with Scene(run) as scene:
        return flipped(run, scene, whole_log(run, scene, durable_calls(scene, calls)), count)


def flipped_bits_of_many(run, size, count):
    """Bits flipped in a log of at least so many bytes, which the load-test harness fills."""
    with Scene(run) as scene:
        def fill(address):
            while sum(map(os.path.getsize, journal.segments(scene.data))) < size:
                command = [run.bench, "run", "--server", "{}:{}".format(*address), "--connections", "8", "--depth", "64",
                           "--warmup", "0s", "--duration", "1s", "--seed", str(run.random.getrandbits(32))]
                # 4: as a measurement it would not do.
                if subprocess.run(command, capture_output=True).returncode not in (0, 4):
                    return False
            return True
        return flipped(run, scene, whole_log(run, scene, fill), count)


def flipped(run, scene, outside, count):
    """One bit of a segment flipped; `count` of them in turn, spread over the log; every one is found."""
    verdict = Verdict()
    segments = [(path, os.path.getsize(path)) for path in journal.segments(scene.data)]
    size = sum(length for _, length in segments)
    for step in range(count):
        offset = size * step // count + run.random.randrange(max(1, size // count))
        for path, length in segments:
            if offset < length:
                break
            offset -= length
        bit = 1 << run.random.randrange(8)
        with open(path, "r+b") as file:
            flip(file, offset, bit)
            verdict.tried += 1
            if verifies(run, scene.data, outside):
                verdict.lost += 1
                verdict.note(f"bit {bit} of byte {offset} of {os.path.basename(path)} can be flipped unnoticed")
            flip(file, offset, bit)
    return verdict


def flip(file, offset, bit):
    file.seek(offset)
    byte = file.read(1)[0]
    file.seek(offset)
    file.write(bytes([byte ^ bit]))
    file.flush()


CASTAGNOLI = []
for remainder in range(256):
    for _ in range(8):
        remainder = remainder >> 1 ^ (0x82F63B78 if remainder & 1 else 0)
    CASTAGNOLI.append(remainder)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CASTAGNOLI[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def rewrite(path, alter):
    """Rewrites a segment's batches after `alter(entries)`, with every checksum right again: what an insider would do."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    head = bytes(data[:struct.unpack_from("<H", data, 10)[0]])
    journal_id, out, index = head[32:48], bytearray(head), None
    for offset, first, entries in list(journal.batches(path)):
        index = first if index is None else index
        entries = alter(first, entries)
        payload = b"".join(struct.pack("<I", len(entry)) + entry for entry in entries)
        if entries:
            header = bytearray(data[offset:offset + 44])
            struct.pack_into("<II", header, 8, len(payload), len(entries))
            struct.pack_into("<Q", header, 16, index)
            struct.pack_into("<I", header, 40, crc32c(payload))
            out += header + struct.pack("<I", crc32c(journal_id + bytes(header))) + payload
            index += len(entries)
    with open(path, "wb") as file:
        file.write(out)


def insiders(run, calls, count):
    """Entries edited, dropped, exchanged, repeated and cut off by somebody who mends every checksum."""
    verdict = Verdict()
    with Scene(run) as scene:
        outside = whole_log(run, scene, durable_calls(scene, calls))
        original = scene.data
        last = max(journal.activities(original))
        for step in range(count):
            target = run.random.randrange(last)
            scene.data = os.path.join(scene.folder, "altered")
            shutil.copytree(original, scene.data)
            name = ("edited", "dropped", "exchanged", "repeated", "cut off")[step % 5]
            rewrite(journal.last_segment(scene.data), lambda first, entries: altered(name, target, first, entries))
            verdict.tried += 1
            if verifies(run, scene.data, outside):
                verdict.lost += 1
                verdict.note(f"entry {target} can be {name} unnoticed")
            shutil.rmtree(scene.data)
    return verdict


def altered(name, target, first, entries):
    at = target - first
    if name == "cut off":
        return entries[:max(0, at)]
    if not 0 <= at < len(entries):
        return entries
    before, entry, after = entries[:at], entries[at], entries[at + 1:]
    if name == "edited":
        return before + [entry[:-1] + bytes([entry[-1] ^ 1])] + after
    if name == "dropped":
        return before + after
    if name == "repeated":
        return before + [entry, entry] + after
    if name == "exchanged" and after:
        return before + after[:1] + [entry] + after[1:]
    if name == "exchanged" and before:
        return before[:-1] + [entry] + before[-1:]
    # An only entry has no neighbour to change places with.
    return [entry + entry]


def control(run):
    """The judge judged: a log from which one acknowledged entry was taken, with all that could tell, must be found wanting."""
    verdict, found = Verdict(), Verdict()
    with Scene(run) as scene:
        with scene.house() as house:
            require(scene.traffic.run(house.must_serve(), 100, durability=DURABLE), "the server went away")
            house.kill()
        target = max(journal.activities(scene.data))
        rewrite(journal.last_segment(scene.data), lambda first, entries: altered("dropped", target, first, entries))
        for name in ("checkpoint", "tile", "snapshots"):
            path = os.path.join(scene.data, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)
        scene.judge(found)
    verdict.tried = 1
    if found.lost != 1:
        verdict.note(f"one entry was taken, {found.lost} found lost")
    return verdict

"""Compares our coder with Google's protobuf: see `run` beside this."""
import argparse
import collections
import random
import struct
import subprocess
import sys

from google.protobuf.message import DecodeError

import messages
import vectors

# The numbers by which Tests/WireInterop knows the types.
TYPES = [
    "allkinds.AllKinds", "gatehouse.v1.EvaluateRequest", "gatehouse.v1.RecordActivityRequest", "gatehouse.v1.Decision",
    "gatehouse.v1.Status", "gatehouse.v1.Hello",
]
MUTATIONS_PER_MESSAGE = 6


class Helper:
    """Our side, over pipes."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, kind, data):
        request = bytes([kind]) + data
        self.process.stdin.write(struct.pack("<I", len(request)) + request)
        self.process.stdin.flush()
        (length,) = struct.unpack("<I", self.process.stdout.read(4))
        answer = self.process.stdout.read(length)
        return answer[0], answer[1:]


class Difference(Exception):
    pass


def check_message(helper, kind, message, counts):
    """A message that is well-formed comes back as the same bytes, or where those are not defined as the same message."""
    data = message.SerializeToString(deterministic=True)
    verdict, content = helper.ask(kind, data)
    if verdict != 0:
        raise Difference(f"refused: {content.decode()}\n{data.hex()}")
    if messages.leaves_order_open(message):
        counts["messages, value for value"] += 1
        if messages.canonical(type(message).FromString(content)) != data or len(content) != len(data):
            raise Difference(f"other values:\n{data.hex()}\n{content.hex()}")
    else:
        counts["messages, byte for byte"] += 1
        if content != data:
            raise Difference(f"other bytes:\n{data.hex()}\n{content.hex()}")


def check_bytes(helper, kind, cls, data, counts):
    """Bytes that may be damaged meet the same verdict and, accepted, mean the same message."""
    verdict, content = helper.ask(kind, data)
    if verdict == 2:
        raise Difference(f"{content.decode()}\n{data.hex()}")
    message = cls()
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        counts["refused"] += 1
        if verdict != 1:
            raise Difference(f"only protobuf refuses ({error}):\n{data.hex()}") from None
        counts["refused: " + content.decode().split(" ")[0]] += 1
        return
    if verdict != 0:
        raise Difference(f"only we refuse ({content.decode()}):\n{data.hex()}")
    if messages.drops_entries(message):
        counts["accepted, an entry's unknown fields seen otherwise"] += 1
        return
    counts["accepted though damaged, value for value"] += 1
    expected = messages.canonical(message)
    if messages.canonical(cls.FromString(content)) != expected:
        raise Difference(f"other values for {data.hex()}:\n{expected.hex()}\n{content.hex()}")


def compare(arguments, load):
    rng = random.Random(arguments.seed)
    helper = Helper(arguments.helper)
    counts = collections.Counter()
    for number in range(arguments.messages):
        kind = number % len(TYPES)
        cls = load(TYPES[kind])
        message = cls()
        messages.fill(rng, message, depth=3, density=rng.choice([0.02, 0.1, 0.5, 1.0]))
        try:
            check_message(helper, kind, message, counts)
            data = message.SerializeToString(deterministic=True)
            for _ in range(MUTATIONS_PER_MESSAGE):
                check_bytes(helper, kind, cls, messages.mutate(rng, data), counts)
        except Difference as difference:
            sys.exit(f"seed {arguments.seed}, message {number}, {TYPES[kind]}: {difference}")
    check_nesting(helper, load, counts)
    for name in sorted(counts):
        print(f"{counts[name]:8} {name}")


def check_nesting(helper, load, counts):
    """Both draw the line at the same depth, for messages, map entries and oneofs."""
    cls = load("allkinds.AllKinds")
    for depth in range(90, 110):
        for tag in [b"\xd2\x05", b"\xda\x05", b"\xe2\x03"]:
            data = b""
            for _ in range(depth):
                data = tag + messages_varint(len(data)) + data
            check_bytes(helper, 0, cls, data, counts)
        data = b""
        for _ in range(depth // 2):
            data = b"\x12" + messages_varint(len(data)) + data
            data = b"\xba\x04" + messages_varint(len(data)) + data
        check_bytes(helper, 0, cls, data, counts)


def messages_varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--descriptors", required=True)
    parser.add_argument("--helper", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--vectors", action="store_true")
    arguments = parser.parse_args()
    load = messages.load(arguments.descriptors)
    if arguments.vectors:
        vectors.write(load)
    else:
        compare(arguments, load)


main()

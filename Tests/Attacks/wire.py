"""The wire as Protocol/wire.md has it, from the standard library alone: what a stranger would write."""

import struct

MAGIC = b"GTHS\r\n\x01\x00"
TEXT = b"This port speaks Gatehouse's binary protocol, version 1.\n"

HELLO, REQUEST, RESPONSE, ITEM, CREDIT, CANCEL, PING, PONG, GO_AWAY = range(1, 10)

OK, CANCELLED, _, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, ALREADY_EXISTS, _, RESOURCE_EXHAUSTED = range(9)
FAILED_PRECONDITION, UNIMPLEMENTED, UNAVAILABLE = 9, 12, 14

EVALUATE, RECORD, CHECK, WATCH, DESCRIBE = 1, 2, 16, 17, 32

MAX_PAYLOAD = 4 << 20


def frame(kind, payload=b"", call=0, value=0, method=0, flags=0, length=None):
    length = 12 + len(payload) if length is None else length
    return struct.pack("<IBBHII", length, kind, flags, method, call, value) + payload


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def field(number, value):
    """One field of a message: a varint for an int, else length-delimited."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def hello(version=1, agent="attack", max_payload=0):
    limits = field(1, max_payload) if max_payload else b""
    return frame(HELLO, field(1, version) + (field(3, limits) if limits else b"") + field(4, agent))


def opening(**arguments):
    return MAGIC + hello(**arguments)


def activity(number, id=""):
    """An order like the trade's; `number` chooses customer, card and membership."""
    return b"".join([
        field(1, id) if id else b"", field(3, f"customer-{number}"), field(5, "order"), field(7, "create"),
        field(10, f"203.0.113.{number % 250}"), field(14, field(1, "US") + field(4, "America/New_York")),
        field(15, field(1, 9_998) + field(2, "USD")), field(16, field(1, f"fingerprint-{number:016}")),
        field(17, field(1, f"membership-{number}")),
    ])


def evaluate(call, number=0, id="", value=0, record=True):
    payload = field(1, activity(number, id)) + field(2, 1 if record else 0)
    return frame(REQUEST, payload, call=call, value=value, method=EVALUATE)


def take_frames(data):
    """The whole frames at the beginning of `data`, and the rest."""
    frames, offset = [], 0
    while len(data) - offset >= 16:
        length, kind, flags, method, call, value = struct.unpack_from("<IBBHII", data, offset)
        if length < 12 or length > MAX_PAYLOAD + 12:
            raise ValueError(f"the server sent a frame of length {length}")
        if len(data) - offset < 4 + length:
            break
        frames.append((kind, call, value, data[offset + 16:offset + 4 + length]))
        offset += 4 + length
    return frames, data[offset:]

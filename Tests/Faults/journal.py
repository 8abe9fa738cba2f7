"""The journal's segments as Protocol/journal.md has them, and a LogEntry's activity: what a stranger would write to read them."""

import os
import struct

HEADER, BATCH = 64, 48


def message(data):
    """A message's fields: number → list of values, varints as int, the length-delimited as bytes."""
    fields, offset = {}, 0

    def varint():
        nonlocal offset
        result = shift = 0
        while True:
            byte = data[offset]
            offset += 1
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    while offset < len(data):
        key = varint()
        if key & 7 == 0:
            value = varint()
        else:
            size = {1: 8, 5: 4}.get(key & 7)
            if size is None:
                size = varint()
            value = data[offset:offset + size]
            offset += size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def text(fields, number):
    return fields.get(number, [b""])[0].decode()


def signed(value):
    """A sint64's zig-zag."""
    return value >> 1 ^ -(value & 1)


def segments(directory):
    """The paths of a log's segments, oldest first."""
    folder = os.path.join(directory, "segments")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".segment")]


def last_segment(directory):
    return segments(directory)[-1]


def batches(path):
    """(offset, first index, [entry]) of a segment's batches, as far as they are whole."""
    with open(path, "rb") as file:
        data = file.read()
    offset = struct.unpack_from("<H", data, 10)[0]
    while len(data) - offset >= BATCH:
        magic, header, _, length, count, first = struct.unpack_from("<4sHHIIQ", data, offset)
        payload = data[offset + header:offset + header + length]
        if magic != b"BTCH" or len(payload) < length:
            return
        entries, at = [], 0
        for _ in range(count):
            size = struct.unpack_from("<I", payload, at)[0]
            entries.append(payload[at + 4:at + 4 + size])
            at += 4 + size
        yield offset, first, entries
        offset += header + length


def activities(directory):
    """index → (id, customer, minor units) of every activity in the log; other entries are left out."""
    found = {}
    for path in segments(directory):
        for _, first, entries in batches(path):
            for index, entry in enumerate(entries, first):
                fields = message(entry)
                if 2 in fields:
                    activity = message(fields[2][0])
                    amount = message(activity[15][0])
                    found[index] = text(activity, 1), text(activity, 3), signed(amount[1][0])
    return found

"""Message types from compiled descriptors, and random messages of them."""
import random
import struct

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field
from google.protobuf.unknown_fields import UnknownFieldSet

TEXTS = ["", "a", "order", "Zürich", "東京", "😀", "x" * 127, "y" * 128, "z" * 300, "\0", "c-1029384756"]
WHOLE = {
    Field.TYPE_INT32: (32, True), Field.TYPE_SINT32: (32, True), Field.TYPE_SFIXED32: (32, True),
    Field.TYPE_INT64: (64, True), Field.TYPE_SINT64: (64, True), Field.TYPE_SFIXED64: (64, True),
    Field.TYPE_UINT32: (32, False), Field.TYPE_FIXED32: (32, False),
    Field.TYPE_UINT64: (64, False), Field.TYPE_FIXED64: (64, False),
}


def load(path):
    """A function from a full name to its message class."""
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        files.ParseFromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def whole(rng, bits, signed):
    """A whole number, those at the edges often."""
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    choice = rng.randrange(4)
    if choice == 0:
        return rng.choice([low, high, 0, 1, high - 1])
    value = rng.getrandbits(rng.randrange(1, bits))
    return -value if signed and choice == 1 else value


def scalar(rng, field):
    """A random value of a field that is no message."""
    kind = field.type
    if kind in WHOLE:
        return whole(rng, *WHOLE[kind])
    if kind == Field.TYPE_BOOL:
        return rng.random() < 0.5
    if kind == Field.TYPE_STRING:
        return rng.choice(TEXTS)
    if kind == Field.TYPE_BYTES:
        return rng.randbytes(rng.choice([0, 1, 7, 127, 128, 200]))
    if kind == Field.TYPE_ENUM:
        return rng.choice([value.number for value in field.enum_type.values] + [77, -5])
    special = [0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan"), -1e-30]
    value = rng.choice(special + [rng.uniform(-1e6, 1e6)])
    return value if kind == Field.TYPE_DOUBLE else struct.unpack("<f", struct.pack("<f", value))[0]


def fill(rng, message, depth, density):
    """Sets about `density` of the message's fields, nested ones up to `depth` levels down."""
    for field in message.DESCRIPTOR.fields:
        if rng.random() >= density:
            continue
        nested = field.type == Field.TYPE_MESSAGE
        if is_map(field):
            fill_map(rng, getattr(message, field.name), field, depth, density)
        elif field.label == Field.LABEL_REPEATED:
            items = getattr(message, field.name)
            for _ in range(rng.randrange(5)):
                if not nested:
                    items.append(scalar(rng, field))
                elif depth > 0:
                    fill(rng, items.add(), depth - 1, density / 2)
        elif not nested:
            setattr(message, field.name, scalar(rng, field))
        elif depth > 0:
            getattr(message, field.name).SetInParent()
            fill(rng, getattr(message, field.name), depth - 1, density / 2)


def fill_map(rng, entries, field, depth, density):
    key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
    for _ in range(rng.randrange(4)):
        if value.type != Field.TYPE_MESSAGE:
            entries[scalar(rng, key)] = scalar(rng, value)
        elif depth > 0:
            fill(rng, entries[scalar(rng, key)], depth - 1, density / 2)


def canonical(message):
    """The bytes in protobuf's deterministic mode, without unknown fields."""
    copy = type(message)()
    copy.CopyFrom(message)
    copy.DiscardUnknownFields()
    return copy.SerializeToString(deterministic=True)


def is_map(field):
    return field.type == Field.TYPE_MESSAGE and field.message_type.GetOptions().map_entry


def leaves_order_open(message):
    """Whether the message holds a map of several entries, whose order proto3 does not say."""
    for field, value in message.ListFields():
        if is_map(field):
            holds_messages = field.message_type.fields_by_name["value"].type == Field.TYPE_MESSAGE
            if len(value) > 1 or (holds_messages and any(map(leaves_order_open, value.values()))):
                return True
        elif field.type == Field.TYPE_MESSAGE:
            if any(map(leaves_order_open, value if field.label == Field.LABEL_REPEATED else [value])):
                return True
    return False


def drops_entries(message):
    """Whether a map's entry was taken for an unknown field, for it holds unknown fields itself.

    That is how this implementation does it; those in C++, Java and Go keep the entry, as we do.
    """
    maps = {field.number for field in message.DESCRIPTOR.fields if is_map(field)}
    if any(unknown.field_number in maps for unknown in UnknownFieldSet(message)):
        return True
    for field, value in message.ListFields():
        if field.type != Field.TYPE_MESSAGE:
            continue
        if is_map(field):
            holds_messages = field.message_type.fields_by_name["value"].type == Field.TYPE_MESSAGE
            nested = value.values() if holds_messages else []
        else:
            nested = value if field.label == Field.LABEL_REPEATED else [value]
        if any(map(drops_entries, nested)):
            return True
    return False


def mutate(rng, data):
    """The bytes with some damage."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        where = rng.randrange(len(data) + 1)
        choice = rng.randrange(7)
        if choice == 0:
            del data[where:]
        elif choice == 1 and where < len(data):
            data[where] ^= 1 << rng.randrange(8)
        elif choice == 2 and where < len(data):
            data[where] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        elif choice == 3:
            data[where:where] = rng.randbytes(rng.randrange(1, 4))
        elif choice == 4:
            del data[where:where + rng.randrange(1, 4)]
        elif choice == 5:
            start = rng.randrange(len(data) + 1)
            data[where:where] = data[start:start + rng.randrange(1, 40)]
        else:
            data[where:where] = rng.choice(SNIPPETS)
    return bytes(data)


# Groups closed, unclosed and mismatched; wire types 6 and 7; field 0; long and overlong varints; large tags.
SNIPPETS = [
    b"\x0b\x0c", b"\x0b", b"\x0c", b"\x0b\x14", b"\xa3\x06\x08\x01\xa4\x06", b"\x0e", b"\x0f", b"\x00\x01",
    b"\x08" + b"\xff" * 9 + b"\x01", b"\x08" + b"\xff" * 9 + b"\x7f", b"\x08" + b"\xff" * 10 + b"\x01",
    b"\x88\x80\x80\x80\x00\x01", b"\x88\x80\x80\x80\x80\x00\x01", b"\xf8\xff\xff\xff\x0f\x01",
    b"\xf8\xff\xff\xff\x1f\x01", b"\x0a\x80\x00", b"\x0a\x80\x80\x80\x80\x08", b"\x72\x02\xc3\x28",
    b"\x0b" * 99 + b"\x0c" * 99, b"\x0b" * 100 + b"\x0c" * 100, b"\x0b" * 101 + b"\x0c" * 101,
]

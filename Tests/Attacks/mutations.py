"""Valid sessions with flipped bits, lost and doubled bytes, in chunks of any size."""

import random as randomness
import time

import wire
from peer import Peer, require
from wire import frame


def valid_session(random):
    """The bytes of a client that does everything there is."""
    calls = sorted(random.sample(range(1, 10_000), 12))
    parts = [wire.opening()]
    for call in calls:
        parts.append(random.choice([
            wire.evaluate(call, number=random.randrange(50), id=random.choice(["", f"m-{random.randrange(40)}"])),
            frame(wire.REQUEST, wire.field(1, wire.activity(call)), call=call, method=wire.RECORD),
            frame(wire.REQUEST, call=call, method=wire.CHECK),
            frame(wire.REQUEST, call=call, method=wire.WATCH) + frame(wire.CREDIT, call=call, value=5),
            frame(wire.REQUEST, call=call, method=wire.DESCRIBE, value=1_000_000) + frame(wire.CANCEL, call=call),
            frame(wire.PING, random.randbytes(8), value=call),
        ]))
    return b"".join(parts) + random.choice([b"", frame(wire.GO_AWAY)])


def mutated(random, data):
    data = bytearray(data)
    for _ in range(random.choice([0, 1, 1, 2, 8])):
        place = random.randrange(len(data))
        match random.randrange(4):
            case 0: data[place] ^= 1 << random.randrange(8)
            case 1: data[place] = random.choice([0, 1, 0x7F, 0x80, 0xFF])
            case 2: del data[place:place + random.randrange(1, 20)]
            case _: data[place:place] = data[place:place + random.randrange(1, 20)]
        if not data:
            return b"\0"
    return bytes(data)


def sessions(server, random, seconds):
    """Whatever comes back is frames, and the connection comes to its end."""
    end = time.monotonic() + seconds
    count = words = 0
    while time.monotonic() < end:
        seed = random.getrandbits(64)
        one = randomness.Random(seed)
        try:
            words += mutated_session(server.address, one)
        except Exception as error:
            error.add_note(f"session seed {seed}")
            raise
        count += 1
        if count % 50 == 0:
            server.require_alive()
    return f"{count} mutated sessions, {words} of them ended by GO_AWAY"


def mutated_session(address, random):
    with Peer(address) as peer:
        data = mutated(random, valid_session(random))
        while data:
            cut = random.choice([1, 7, 100, 10_000])
            peer.send(data[:cut])
            data = data[cut:]
        peer.socket.shutdown(1)
        answer = peer.all_bytes()
        if not answer.startswith(wire.MAGIC):
            require(answer == b"" or answer.endswith(wire.TEXT) or answer[0] == 0x15, f"neither: {answer[:60]!r}")
            return 0
        peer.take(answer)
        require(not peer.rest, f"the server ended within a frame: {peer.rest[:40]!r}")
        kinds = [kind for kind, *_ in peer.waiting]
        require(set(kinds) <= {wire.HELLO, wire.RESPONSE, wire.ITEM, wire.PONG, wire.GO_AWAY, wire.PING}, f"{kinds}")
        require(wire.GO_AWAY not in kinds[:-1], "frames behind the server's last words")
        return wire.GO_AWAY in kinds

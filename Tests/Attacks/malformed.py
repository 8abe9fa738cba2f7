"""Peers that do not speak the protocol, or break it: each is told so in its own language, then closed."""

import time

import wire
from peer import Peer, require
from wire import frame

HTTP_METHODS = ["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE"]
TLS_CLIENT_HELLO = bytes.fromhex("160301002f0100002b0303") + bytes(32) + bytes.fromhex("000002130101000000")


def said(address, data, end=False):
    """All that the server answers to `data` until it ends."""
    with Peer(address) as peer:
        peer.send(data)
        if end:
            peer.socket.shutdown(1)
        return peer.all_bytes()


def strangers(server, random, seconds):
    for method in HTTP_METHODS:
        for cut in (None, 1, 3):
            answer = said(server.address, f"{method} / HTTP/1.1\r\nHost: x\r\n\r\n".encode()[:cut], end=cut is not None)
            if cut is None:
                require(answer.startswith(b"HTTP/1.1 400 ") and answer.endswith(wire.TEXT), f"{method}: {answer!r}")
    answer = said(server.address, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
    require(answer[3] == 4 and answer[9 + 3] == 7 and answer.endswith(wire.TEXT), f"HTTP/2: {answer!r}")
    answer = said(server.address, TLS_CLIENT_HELLO)
    require(answer == bytes([0x15, 3, 3, 0, 2, 2, 40]), f"TLS: {answer!r}")
    for version in (0, 2, 255):
        with Peer(server.address) as peer:
            peer.send(wire.MAGIC[:6] + bytes([version, 0]) + wire.hello())
            require(peer.last_words()[0] == wire.FAILED_PRECONDITION, f"version {version}")
    garbage = [b"\0" * 64, b"SSH-2.0-OpenSSH_9.2\r\n", b"GTHS\n\x01\0\0", b"*1\r\n$4\r\nPING\r\n", b"\xff" * 4_096]
    garbage += [bytes([random.choice([0, 1, 0x80, 0xFF])]) + random.randbytes(random.randrange(100)) for _ in range(40)]
    for data in garbage:
        require(said(server.address, data) == wire.TEXT, f"garbage {data[:20]!r}")
    return f"{len(HTTP_METHODS) * 3 + 5 + len(garbage)} peers, each answered in its language"


# What is sent behind the opening, and the status of the GO_AWAY that must answer it.
BROKEN_FRAMES = {
    **{f"length {n}": (frame(wire.PING, length=n), wire.INVALID_ARGUMENT) for n in (0, 3, 4, 11)},
    **{f"length {n}": (frame(wire.PING, length=n), wire.RESOURCE_EXHAUSTED)
       for n in (2**32 - 1, 2**31, 2**31 - 1, wire.MAX_PAYLOAD + 13)},
    **{f"kind {n}": (frame(n, call=1), wire.INVALID_ARGUMENT) for n in (0, 10, 127, 255)},
    **{f"flags {n} on kind {kind}": (frame(kind, call=1, value=1, flags=n), wire.INVALID_ARGUMENT)
       for kind in range(1, 10) for n in (1, 128, 255)},
    "RESPONSE from a client": (frame(wire.RESPONSE, call=1), wire.INVALID_ARGUMENT),
    "ITEM from a client": (frame(wire.ITEM, call=1, payload=b"x"), wire.INVALID_ARGUMENT),
    "REQUEST of call 0": (frame(wire.REQUEST, method=1), wire.INVALID_ARGUMENT),
    "CREDIT of nothing": (frame(wire.CREDIT, call=1), wire.INVALID_ARGUMENT),
    "CREDIT with a payload": (frame(wire.CREDIT, call=1, value=1, payload=b"x"), wire.INVALID_ARGUMENT),
    "CANCEL with a value": (frame(wire.CANCEL, call=1, value=1), wire.INVALID_ARGUMENT),
    "CANCEL of call 0": (frame(wire.CANCEL), wire.INVALID_ARGUMENT),
    "PING with 65 bytes": (frame(wire.PING, payload=bytes(65)), wire.INVALID_ARGUMENT),
    "PING of a call": (frame(wire.PING, call=1), wire.INVALID_ARGUMENT),
    "PONG with a method": (frame(wire.PONG, method=1), wire.INVALID_ARGUMENT),
    "GO_AWAY with status 17": (frame(wire.GO_AWAY, value=17), wire.INVALID_ARGUMENT),
    "HELLO twice": (wire.hello(), wire.INVALID_ARGUMENT),
    "a call id reused": (wire.evaluate(5) + wire.evaluate(5), wire.INVALID_ARGUMENT),
    "a call id that falls": (wire.evaluate(5) + wire.evaluate(4), wire.INVALID_ARGUMENT),
    "credit beyond 2^31": (
        frame(wire.REQUEST, call=1, method=wire.WATCH) + frame(wire.CREDIT, call=1, value=2**32 - 1),
        wire.INVALID_ARGUMENT),
}

BROKEN_OPENINGS = {
    "a REQUEST before HELLO": (wire.evaluate(1), wire.INVALID_ARGUMENT),
    "HELLO that is no message": (frame(wire.HELLO, b"\xff\xff\xff"), wire.INVALID_ARGUMENT),
    "HELLO of protocol version 0": (wire.hello(version=0), wire.FAILED_PRECONDITION),
    "HELLO with a limit of 1 byte": (wire.hello(max_payload=1), wire.INVALID_ARGUMENT),
    "HELLO of 4,097 bytes": (frame(wire.HELLO, bytes(4_097)), wire.RESOURCE_EXHAUSTED),
    "HELLO of a call": (frame(wire.HELLO, call=1), wire.INVALID_ARGUMENT),
    "a length of 2^32 - 1 before HELLO": (b"\xff" * 16, wire.RESOURCE_EXHAUSTED),
}


def broken_frames(server, random, seconds):
    for before, cases in ((wire.opening(), BROKEN_FRAMES), (wire.MAGIC, BROKEN_OPENINGS)):
        for name, (data, status) in cases.items():
            with Peer(server.address) as peer:
                # What comes behind it must not matter.
                peer.send(before + data + random.randbytes(random.choice([0, 0, 1, 500])))
                value, payload = peer.last_words()
                require(value == status, f"{name}: GO_AWAY with {value} instead of {status}: {payload!r}")
                require(len(payload) > 4, f"{name}: the peer is not told why")
    return f"{len(BROKEN_FRAMES) + len(BROKEN_OPENINGS)} ways to break the protocol, each refused with its status"


def odd_calls(server, random, seconds):
    """What is allowed, or wrong for one call only."""
    with Peer.ready(server.address) as peer:
        peer.send(frame(wire.REQUEST, call=1, method=65_535))
        require(peer.answer(1)[0] == wire.UNIMPLEMENTED, "an unknown method")
        for call, payload in ((2, b""), (3, b"\xff"), (4, bytes(1)), (5, wire.field(1, random.randbytes(20_000)))):
            peer.send(frame(wire.REQUEST, payload, call=call, method=wire.EVALUATE))
            require(peer.answer(call)[0] == wire.INVALID_ARGUMENT, f"a request of {payload[:5]!r}")
        peer.send(wire.evaluate(1_000, id="odd") + wire.evaluate(1_001, id="odd"))
        require(peer.answer(1_000)[0] == wire.OK, "a call")
        require(peer.answer(1_001)[0] == wire.OK, "its retry")
        peer.send(wire.evaluate(1_002, number=9, id="odd"))
        require(peer.answer(1_002)[0] == wire.ALREADY_EXISTS, "an id with other content")
        peer.send(frame(wire.CREDIT, call=77, value=1) + frame(wire.CANCEL, call=77) + frame(wire.CANCEL, call=1_002))
        peer.send(frame(wire.PONG, value=3) + frame(wire.PING, b"x" * 64, value=9))
        while (answer := peer.next())[0] != wire.PONG:
            pass
        require(answer[2:] == (9, b"x" * 64), "a PONG is not its PING")
        peer.send(wire.evaluate(2**32 - 1, value=2**32 - 1))
        require(peer.answer(2**32 - 1)[0] == wire.OK, "the highest call id")
        # Out of time before it is begun, and behind it the client's farewell: answered, then closed at once.
    with Peer.ready(server.address, patience=5) as peer:
        peer.send(b"".join(wire.evaluate(call, value=1) for call in range(1, 300)) + frame(wire.GO_AWAY))
        peer.take(peer.all_bytes())
        answered = sum(kind == wire.RESPONSE for kind, *_ in peer.waiting)
        require(answered == 299, f"{answered} of 299 calls were answered before the connection ended")
    return "unknown methods, bad payloads, reused ids, stray CREDIT and CANCEL, expired calls behind a farewell"


def oversized(server, random, seconds):
    before = server.resident_mib()
    peers = [Peer.ready(server.address) for _ in range(200)]
    for peer in peers:
        peer.send(frame(wire.REQUEST, call=1, method=wire.EVALUATE, length=wire.MAX_PAYLOAD + 13) + bytes(1_000))
    for peer in peers:
        with peer:
            require(peer.last_words()[0] == wire.RESOURCE_EXHAUSTED, "a frame above the limit")
    # Announced, but not sent: what counts is what came.
    peers = [Peer.ready(server.address) for _ in range(200)]
    for peer in peers:
        peer.send(frame(wire.REQUEST, call=1, method=wire.EVALUATE, length=wire.MAX_PAYLOAD + 12) + bytes(1_000))
    grown = server.resident_mib() - before
    for peer in peers:
        peer.socket.close()
    require(grown < 64, f"200 announcements of 4 MiB cost {grown:.0f} MiB")
    with Peer.ready(server.address) as peer:
        peer.send(frame(wire.REQUEST, bytes(wire.MAX_PAYLOAD), call=1, method=wire.EVALUATE))
        require(peer.answer(1)[0] == wire.INVALID_ARGUMENT, "the longest payload of nonsense")
    return f"200 frames above the limit, 200 announced and not sent (+{grown:.0f} MiB)"


def costly_requests(server, random, seconds):
    """Requests of the longest payload, made to cost as much as can be: each must be refused quickly."""
    entry = wire.field(21, b"")
    shapes = {
        "activity in 2 million pieces": wire.field(1, b"") * (wire.MAX_PAYLOAD // 2),
        "1.4 million attributes in two pieces": wire.field(1, entry * (wire.MAX_PAYLOAD // 3 - 8)) + wire.field(1, b""),
        "location in 1.4 million pieces": wire.field(1, wire.field(14, b"") * (wire.MAX_PAYLOAD // 2 - 8)),
        "a text of 4 MiB": wire.field(1, wire.field(3, "é" * (wire.MAX_PAYLOAD // 2 - 16))),
        "groups in groups": b"\x5b" * 90 + b"\x5c" * 90,
        "unknown fields": b"\x78\x01" * (wire.MAX_PAYLOAD // 2),
    }
    took = {}
    with Peer.ready(server.address) as peer:
        for call, (name, payload) in enumerate(shapes.items(), 1):
            data = frame(wire.REQUEST, payload[:wire.MAX_PAYLOAD], call=call, method=wire.EVALUATE)
            took[name] = timed_answer(peer, call, data)
        slowest = max(took, key=took.get)
        require(took[slowest] < 2, f"{slowest} held up the server for {took[slowest]:.1f} s")
    return f"{len(shapes)} shapes of 4 MiB; the slowest took {1_000 * took[slowest]:.0f} ms: {slowest}"


def timed_answer(peer, call, data):
    start = time.monotonic()
    peer.send(data)
    require(peer.answer(call)[0] == wire.INVALID_ARGUMENT, f"costly request {call}")
    return time.monotonic() - start

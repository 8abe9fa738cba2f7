"""Peers that send too much of what costs them nothing."""

import time

import wire
from peer import Peer, require
from wire import frame


def cancels(server, random, seconds):
    with Peer.ready(server.address) as peer:
        peer.send(frame(wire.CANCEL, call=3) * 20_000)
        require(peer.last_words()[0] == wire.RESOURCE_EXHAUSTED, "a flood of CANCELs")
    with Peer.ready(server.address) as peer:
        peer.send(b"".join(wire.evaluate(n, value=5_000_000) + frame(wire.CANCEL, call=n) for n in range(1, 5_000)))
        require(peer.answer(4_999)[0] == wire.OK, "as many CANCELs as calls")
    return "20,000 CANCELs of no call end the connection; one for each of 5,000 calls do not"


def pings(server, random, seconds):
    with Peer.ready(server.address) as peer:
        peer.send(frame(wire.PING) * 5_000)
        status, payload = peer.last_words()
        require(status == wire.RESOURCE_EXHAUSTED and b"too_many_pings" in payload, f"PINGs: {status} {payload!r}")
        answered = sum(kind == wire.PONG for kind, *_ in peer.waiting)
        require(answered <= 32, f"{answered} of them were answered")
    with Peer.ready(server.address) as peer:
        peer.send(b"".join(wire.evaluate(n) + frame(wire.PING) for n in range(1, 200)))
        require(peer.answer(199)[0] == wire.OK, "a PING for each call")
    return f"5,000 PINGs: {answered} answered, then GO_AWAY too_many_pings"


def watches(server, random, seconds):
    """As many tasks as a server runs, all held by one peer; they go when it goes."""
    with Peer.ready(server.address) as peer:
        peer.send(b"".join(frame(wire.REQUEST, call=n, method=wire.WATCH) for n in range(1, 1_201)))
        refused = set()
        while len(refused) < 176:
            kind, call, value, payload = peer.next()
            if kind == wire.RESPONSE:
                require(value == wire.RESOURCE_EXHAUSTED, f"a watch ended with {value} {payload!r}")
                refused.add(call)
        with Peer.ready(server.address) as other:
            other.send(wire.evaluate(1))
            require(other.answer(1)[0] == wire.OK, "decisions while all tasks are taken")
        peer.send(b"".join(frame(wire.CANCEL, call=n) for n in range(1, 1_025)))
        ended = 0
        while ended < 1_024 - (len(refused) - 176):
            kind, _, value, _ = peer.next()
            if kind == wire.RESPONSE and value == wire.CANCELLED:
                ended += 1
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with Peer.ready(server.address) as peer:
            peer.send(frame(wire.REQUEST, call=1, method=wire.CHECK))
            if peer.answer(1)[0] == wire.OK:
                return f"1,200 watches of one peer: {len(refused)} refused, the others cancelled"
    require(False, "tasks are not given back")


def long_tasks(server, random, seconds):
    """Watches of a service whose name has 4 MiB: what they hold together is bounded."""
    before = server.resident_mib()
    request = wire.field(1, "x" * (wire.MAX_PAYLOAD - 16))
    with Peer.ready(server.address) as peer:
        peer.send(b"".join(frame(wire.REQUEST, request, call=n, method=wire.WATCH) for n in range(1, 61)))
        refused = answered = 0
        while answered + refused < 60:
            kind, _, value, _ = peer.next()
            answered += kind == wire.ITEM
            refused += kind == wire.RESPONSE and value == wire.RESOURCE_EXHAUSTED
        grown = server.resident_mib() - before
    require(refused >= 44, f"only {refused} of 60 watches with 4 MiB were refused")
    # The requests, the names in them, and what reading them takes.
    require(grown < 256, f"60 watches with 4 MiB cost {grown:.0f} MiB")
    return f"60 watches with 4 MiB: {refused} refused, +{max(0, grown):.0f} MiB"


def connections(server, random, seconds):
    """Peers that come and go, with a farewell, without one, or with a reset."""
    import socket
    import struct
    count, end = 0, time.monotonic() + seconds
    before = server.descriptors()
    while time.monotonic() < end:
        for manner in range(4):
            peer = Peer(server.address)
            if manner > 0:
                peer.send(wire.opening() + wire.evaluate(1) * (manner - 1))
            if manner == 3:
                peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.socket.close()
            count += 1
    server.require_descriptors(before)
    return f"{count} connections came and went"

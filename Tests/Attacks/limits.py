"""A server of small means, and a server's end."""

import threading
import time

import wire
from peer import Peer, Wrong, require
from server import Server

# A machine that does much else besides may take a while to notice anything.
PATIENCE_SECONDS = 10
# Accepting rests for 200 ms when there are no descriptors. The bound is 1 s, doubled for a machine that is not ours alone.
MOST_RECOVERY_SECONDS = 2


def descriptors(program, rules):
    """Out of descriptors: peers that are connected are served on; others are when there is room again."""
    with Server(program, rules, descriptors=256) as server, Peer.ready(server.address) as good:
        crowd = []
        for _ in range(400):
            try:
                crowd.append(Peer(server.address, patience=3))
            except OSError:
                break
        for call in range(1, 101):
            good.send(wire.evaluate(call))
            require(good.answer(call)[0] == wire.OK, "a peer that was there before")
        require(server.descriptors() <= 256, "more descriptors than there may be")
        told = sum(refused(peer) for peer in crowd)
        for peer in crowd:
            peer.socket.close()
        start = time.monotonic()
        serves_again(server)
        took = time.monotonic() - start
        require(took < MOST_RECOVERY_SECONDS, f"it took {took:.1f} s to accept again")
        server.terminate(30)
        return f"{len(crowd)} peers on 256 descriptors: {told} told so, recovery {1_000 * took:.0f} ms"


def serves_again(server):
    """A late peer is served, as soon as the server has noticed that the others are gone."""
    with Peer.admitted(server.address, PATIENCE_SECONDS) as late:
        late.send(wire.evaluate(1))
        require(late.answer(1)[0] == wire.OK, "a peer that came when there was room again")


def refused(peer):
    """Whether the peer was told that there is no room for it."""
    peer.socket.setblocking(False)
    try:
        peer.take(peer.socket.recv(4_096))
    except OSError:
        return False
    return any(kind == wire.GO_AWAY and value == wire.UNAVAILABLE for kind, _, value, _ in peer.waiting)


def connections(program, rules):
    """One connection too many is told so, far too many are closed; those that are there are served on."""
    with Server(program, rules, arguments=["--max-connections", "32"]) as server:
        good = [Peer.ready(server.address) for _ in range(32)]
        with Peer(server.address) as extra:
            extra.send(wire.opening())
            require(extra.last_words()[0] == wire.UNAVAILABLE, "the 33rd of 32 connections")
        crowd = [Peer(server.address) for _ in range(200)]
        for peer in good:
            peer.send(wire.evaluate(1))
        for peer in good:
            require(peer.answer(1)[0] == wire.OK, "a connection within the limit")
        for peer in crowd + good:
            peer.socket.close()
        serves_again(server)
        server.terminate(30)
        return "32 connections served, the 33rd told so, 200 more held off"


def without_decisions(program, rules):
    """Bytes that ask for no decision, to a server that nobody else asks for one: nothing else clears up behind them."""
    with Server(program, rules) as server:
        request = wire.field(1, "x" * 60_000)
        with Peer.ready(server.address) as peer:
            for call in range(1, 301):
                peer.send(wire.frame(wire.REQUEST, request, call=call, method=wire.CHECK))
                require(peer.answer(call)[0] == wire.NOT_FOUND, "a check of a service with a long name")
        for _ in range(300):
            with Peer(server.address) as peer:
                peer.send(bytes(60_000))
                require(peer.all_bytes() == wire.TEXT, "garbage")
        with Peer.ready(server.address) as peer:
            peer.send(wire.frame(wire.CREDIT, call=9, value=1) * 1_000_000 + wire.evaluate(1))
            require(peer.answer(1)[0] == wire.OK, "a call behind a million stray CREDITs")
        server.require_alive()
        server.terminate(30)
        return "34 MiB of checks and garbage, a million stray CREDITs, then a call: answered"


def drain(server):
    """SIGTERM among peers of every kind: accepted calls are answered, nobody holds up the end."""
    silent = Peer(server.address)
    opened = Peer.ready(server.address)
    partial = Peer.ready(server.address)
    partial.send(wire.evaluate(1)[:40])
    deaf = Peer.ready(server.address, receive_buffer=4_096)
    threading.Thread(target=ask_much, args=(deaf,), daemon=True).start()
    watching = Peer.ready(server.address)
    watching.send(wire.frame(wire.REQUEST, call=1, method=wire.WATCH))
    busy = Peer.ready(server.address)
    answered = []
    asking = threading.Thread(target=ask_until_the_end, args=(busy, answered))
    asking.start()
    time.sleep(0.2)
    took = server.terminate(30)
    asking.join()
    require(answered and isinstance(answered[-1], int), f"the busy peer: {answered[-1:]}")
    require(opened.last_words()[0] == wire.OK, "an idle peer is told that the server ends")
    for peer in (silent, opened, partial, deaf, watching, busy):
        peer.socket.close()
    return f"ended {took:.1f} s after SIGTERM; {answered[-1]} calls in sequence were all answered"


def ask_much(peer):
    try:
        for call in range(1, 50_000):
            peer.send(wire.evaluate(call))
    except OSError:
        pass


def ask_until_the_end(peer, answered):
    """Asks one call after the other until GO_AWAY, which must name every call that was accepted."""
    call = 0
    try:
        while True:
            call += 1
            peer.send(wire.evaluate(call))
            kind, of, value, payload = peer.next()
            if kind == wire.GO_AWAY:
                require(value == wire.OK, f"GO_AWAY with {value}")
                require(of in (call - 1, call), f"GO_AWAY names call {of} after {call - 1} answers")
                if of == call:
                    require(peer.next()[:2] == (wire.RESPONSE, call), "an accepted call is not answered")
                return answered.append(call - 1)
            require((kind, of, value) == (wire.RESPONSE, call, wire.OK), f"{kind} {of} {value} {payload!r}")
    except (Wrong, OSError) as error:
        answered.append(f"call {call}: {error}")

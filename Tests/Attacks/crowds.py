"""Many peers at once that are slow, silent, or do not read."""

import selectors
import socket
import time

import wire
from peer import Peer, require

PARTS_OF_A_SECOND = 50
# PING after 60 s of silence, 20 s for an answer, 2 s for last words.
KEEPALIVE_SECONDS = 82


def connected(address, count, receive_buffer=None):
    """Sockets that are connected and do not block."""
    sockets = []
    for _ in range(count):
        one = socket.socket()
        if receive_buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        one.connect(address)
        one.setblocking(False)
        sockets.append(one)
    return sockets


def slow(server, random, seconds):
    """Peers that send a byte a second, 1,000 or in a long run 5,000: half within the opening, half within a request.

    Those within the opening are closed when its 5 s are over; a frame may take 30 s.
    """
    count = 5_000 if seconds > 36 else 1_000
    before, descriptors = server.resident_mib(), server.descriptors()
    sockets = connected(server.address, count)
    streams = [wire.opening(), wire.evaluate(1, id="slow")]
    places = [0] * count
    for index, one in enumerate(sockets):
        if index % 2:
            one.send(wire.opening())
    start, peak, closed = time.monotonic(), 0.0, set()
    while time.monotonic() - start < seconds:
        # Not all at once: a crowd is not in step.
        for part in range(PARTS_OF_A_SECOND):
            part_start = time.monotonic()
            for index in range(part, count, PARTS_OF_A_SECOND):
                if index not in closed and dribble(sockets[index], streams[index % 2], places, index):
                    closed.add(index)
            time.sleep(max(0, 1 / PARTS_OF_A_SECOND - (time.monotonic() - part_start)))
        peak = max(peak, server.resident_mib())
    early = sum(index % 2 == 0 for index in closed)
    for one in sockets:
        one.close()
    if seconds > 9:
        require(early == count // 2, f"{early} of {count // 2} slow openings were ended")
    if seconds > 36:
        require(len(closed) == count, f"{len(closed)} of {count} slow peers were ended")
    require(peak - before < 32 + count / 50, f"{count} slow peers cost {peak - before:.0f} MiB")
    server.require_descriptors(descriptors)
    return f"{count} peers of 1 byte/s for {seconds:.0f} s: {len(closed)} ended by deadline, +{peak - before:.0f} MiB"


def dribble(one, stream, places, index):
    """Sends one byte more; true when the server has ended the connection."""
    try:
        if places[index] < len(stream) - 1:
            one.send(stream[places[index]:places[index] + 1])
            places[index] += 1
        while data := one.recv(4_096):
            del data
        return True
    except BlockingIOError:
        return False
    except (BrokenPipeError, ConnectionResetError):
        return True


def deaf(server, random, seconds, count=100):
    """Peers that ask and ask and read nothing: what waits for each of them is bounded."""
    before, descriptors = server.resident_mib(), server.descriptors()
    stream = memoryview(wire.opening() + b"".join(
        wire.frame(wire.REQUEST, b"\xff", call=call, method=wire.EVALUATE) for call in range(1, 300_000)))
    sockets = connected(server.address, count, receive_buffer=4_096)
    left = {one: stream for one in sockets}
    peak = asked = 0
    with selectors.DefaultSelector() as selector:
        for one in sockets:
            selector.register(one, selectors.EVENT_WRITE)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for key, _ in selector.select(0.05):
                sent = push(key.fileobj, left)
                asked += sent
                if not left[key.fileobj] or sent < 0:
                    selector.unregister(key.fileobj)
            peak = max(peak, server.resident_mib())
    for one in sockets:
        one.close()
    # 1 MiB of answers, those of one read more, and what doubling leaves unused.
    require(peak - before < 32 + count * 3, f"{count} peers that do not read cost {peak - before:.0f} MiB")
    server.require_descriptors(descriptors)
    return f"{count} peers that read nothing: {asked / 2**20:.0f} MiB asked, +{peak - before:.0f} MiB"


def push(one, left):
    try:
        sent = one.send(left[one][:65_536])
        left[one] = left[one][sent:]
        return sent
    except BlockingIOError:
        return 0
    except (BrokenPipeError, ConnectionResetError):
        return -1


def half_open(server, random, seconds):
    """Peers that vanish without a farewell look like peers that are silent: they cost little and are ended in time.

    Within 5 s if they have not opened; if they have, by keepalive, which a long enough run waits for.
    """
    before, descriptors = server.resident_mib(), server.descriptors()
    silent = connected(server.address, 500)
    for one in silent[:250]:
        one.send(wire.opening())
    ended = [Peer(server.address) for _ in range(50)]
    for peer in ended:
        # The peer's end within a frame.
        peer.send(wire.opening() + wire.evaluate(1)[:30])
        peer.socket.shutdown(socket.SHUT_WR)
    for peer in ended:
        with peer:
            peer.take(peer.all_bytes())
    grown = server.resident_mib() - before
    require(grown < 32, f"500 silent peers cost {grown:.0f} MiB")
    outcome = "50 that ended within a frame were let go"
    if seconds > KEEPALIVE_SECONDS + 5:
        server.require_descriptors(descriptors, KEEPALIVE_SECONDS + 5)
        outcome += ", the silent ones reaped by keepalive"
    for one in silent:
        one.close()
    server.require_descriptors(descriptors)
    return f"500 silent peers cost {max(0, grown):.0f} MiB; {outcome}"

"""A well-behaved client in a process of its own, which must go on being served whatever others do."""

import multiprocessing
import os
import socket
import time

import wire
from peer import Peer, Wrong, require


class Bystander:
    """Asks once every `INTERVAL_SECONDS` and notes when and how long each answer took.

    After each answer it asks a process that does nothing but answer, too: how long that takes is the machine's doing, not the server's.
    """

    INTERVAL_SECONDS = 0.002
    BASELINE_CALLS = 500

    def __init__(self, address):
        self.end, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=self.run, args=(address, other), daemon=True)
        self.process.start()
        self.samples = []
        require(self.end.poll(60), "the bystander does not get its baseline")
        require(self.end.recv(), "the bystander was not served before the attacks")

    def run(self, address, pipe):
        samples, problem, call = [], None, 0
        near, far = socket.socketpair()
        if os.fork() == 0:
            near.close()
            os._exit(echo(far))
        far.close()
        try:
            with Peer.ready(address) as peer:
                while not pipe.poll():
                    call += 1
                    samples.append(self.once(peer, near, call))
                    if call == self.BASELINE_CALLS:
                        pipe.send(True)
        except (Wrong, OSError) as error:
            problem = f"call {call}: {error}"
            if call <= self.BASELINE_CALLS:
                pipe.send(False)
        near.close()
        os.wait()
        pipe.send((samples, problem))

    def once(self, peer, near, call):
        """When a call began, what it took, and what the echo took."""
        start = time.monotonic()
        peer.send(wire.evaluate(call, number=call % 50_000, id=f"bystander-{call}", record=True))
        status, payload = peer.answer(call)
        if status != wire.OK:
            raise Wrong(f"status {status}: {payload[:120]!r}")
        middle = time.monotonic()
        near.send(b"?")
        near.recv(1)
        end = time.monotonic()
        if end - start < self.INTERVAL_SECONDS:
            time.sleep(self.INTERVAL_SECONDS - (end - start))
        return start, middle - start, end - middle

    def stop(self):
        self.end.send(None)
        require(self.end.poll(30), "the bystander is stuck")
        self.samples, problem = self.end.recv()
        self.process.join()
        require(problem is None, f"the bystander was not served: {problem}")

    def latencies(self, start, end):
        """Latencies of the calls begun between two times, in ms, sorted."""
        return sorted(1_000 * took for begun, took, _ in self.samples if start <= begun < end)

    def echoes(self, start, end):
        """Latencies of the echo, likewise."""
        return sorted(1_000 * took for begun, _, took in self.samples if start <= begun < end)


def echo(far):
    while data := far.recv(1):
        far.send(data)
    return 0


def percentile(latencies, share):
    return latencies[min(len(latencies) - 1, int(share * len(latencies)))] if latencies else float("nan")

"""A well-behaved client in a process of its own, which must go on being served whatever others do."""

import multiprocessing
import time

import wire
from peer import Peer, Wrong, require


class Bystander:
    """Asks once every `INTERVAL_SECONDS` and notes when and how long each answer took."""

    INTERVAL_SECONDS = 0.002

    def __init__(self, address):
        self.end, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=self.run, args=(address, other), daemon=True)
        self.process.start()
        self.samples = []

    def run(self, address, pipe):
        samples, problem, call = [], None, 0
        try:
            with Peer.ready(address) as peer:
                while not pipe.poll():
                    call += 1
                    start = time.monotonic()
                    peer.send(wire.evaluate(call, number=call % 50_000, id=f"bystander-{call}", record=True))
                    status, payload = peer.answer(call)
                    if status != wire.OK:
                        raise Wrong(f"status {status}: {payload[:120]!r}")
                    end = time.monotonic()
                    samples.append((start, end - start))
                    if end - start < self.INTERVAL_SECONDS:
                        time.sleep(self.INTERVAL_SECONDS - (end - start))
        except (Wrong, OSError) as error:
            problem = f"call {call}: {error}"
        pipe.send((samples, problem))

    def stop(self):
        self.end.send(None)
        require(self.end.poll(30), "the bystander is stuck")
        self.samples, problem = self.end.recv()
        self.process.join()
        require(problem is None, f"the bystander was not served: {problem}")

    def latencies(self, start, end):
        """Latencies of the calls begun between two times, in ms, sorted."""
        return sorted(1_000 * took for begun, took in self.samples if start <= begun < end)


def percentile(latencies, share):
    return latencies[min(len(latencies) - 1, int(share * len(latencies)))] if latencies else float("nan")

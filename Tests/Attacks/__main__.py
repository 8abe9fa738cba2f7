"""Attacks a running Gatehouse server over its socket, while a well-behaved client goes on asking.

usage: Tests/attack [SECONDS] [--seed N] [--only NAME]

Prints what was tried and what came of it; exits 1 when the server did anything but refuse it, serve the others, and be
afterwards as it was before. SECONDS (default 20) are shared among the attacks that last as long as they are let; the
others take about 15 s more.
"""

import argparse
import os
import random as randomness
import resource
import sys
import time

import crowds
import floods
import limits
import malformed
import mutations
import wire
from bystander import Bystander, percentile
from peer import Peer, Wrong, require
from server import Server

# The bystander's p99 during an attack, in ms: what costs the server next to nothing must not be felt, what keeps it busy may.
UNFELT, BUSY = 100, 2_000
# Attacks upon one server, the share of the time that each may use, and what the bystander may feel of it.
ATTACKS = {
    "strangers": (malformed.strangers, 0, UNFELT),
    "broken frames": (malformed.broken_frames, 0, UNFELT),
    "odd calls": (malformed.odd_calls, 0, UNFELT),
    "oversized": (malformed.oversized, 0, UNFELT),
    "costly requests": (malformed.costly_requests, 0, BUSY),
    "floods of CANCEL": (floods.cancels, 0, BUSY),
    "floods of PING": (floods.pings, 0, UNFELT),
    "all tasks taken": (floods.watches, 0, UNFELT),
    "long requests": (floods.long_tasks, 0, BUSY),
    "coming and going": (floods.connections, 0.1, BUSY),
    "half-open": (crowds.half_open, 0.3, UNFELT),
    "not reading": (crowds.deaf, 0.2, BUSY),
    "a byte a second": (crowds.slow, 0.4, UNFELT),
    "mutated sessions": (mutations.sessions, 0.3, UNFELT),
}
# Attacks upon servers of their own.
OWN_SERVERS = {
    "no decisions asked": limits.without_decisions,
    "out of descriptors": limits.descriptors,
    "too many connections": limits.connections,
}

# A bound in ms holds because the attackers share the processors with the server; a long baseline may be above it. Who else has the
# processors shows in the echo: where waking a process takes long, the server, which has more to do, may take three times as much longer.
MOST_P99_FACTOR = 1.5
ECHO_FACTOR = 3
# What the server does not give back, beyond what it must keep of each activity that the bystander records: measured without any
# attack, 0.84 KiB an activity, for its window keys and to answer it again.
MOST_RESIDENT_GROWTH_MIB = 96
KEPT_KIB_PER_RECORD = 1


class Run:
    def __init__(self, program, rules, seconds, seed, only):
        self.program, self.rules, self.seconds, self.seed, self.only = program, rules, seconds, seed, only
        self.rows, self.failed = [], []

    def wanted(self, name):
        return self.only is None or self.only in name

    def everything(self):
        with Server(self.program, self.rules) as server:
            self.upon(server)
        for name, attack in OWN_SERVERS.items():
            if self.wanted(name):
                self.step(name, lambda: attack(self.program, self.rules))

    def upon(self, server):
        bystander = Bystander(server.address)
        started = time.monotonic()
        descriptors, resident = server.descriptors(), server.resident_mib()
        for name, (attack, share, _) in ATTACKS.items():
            if self.wanted(name):
                random = randomness.Random(f"{self.seed} {name}")
                self.step(name, lambda: self.one(attack, server, random, share * self.seconds))
        self.step("bystander", lambda: self.bystander(bystander, started))
        self.step("afterwards", lambda: self.afterwards(server, descriptors, resident, len(bystander.samples)))
        if server.process.poll() is None:
            self.step("SIGTERM", lambda: limits.drain(server))

    def one(self, attack, server, random, seconds):
        outcome = attack(server, random, seconds)
        server.require_alive()
        return outcome

    def step(self, name, body):
        start = time.monotonic()
        try:
            verdict, outcome = "ok", body()
        except (Wrong, OSError, ValueError) as error:
            verdict = "FAILED"
            outcome = "; ".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])
            self.failed.append(f"{name}: {outcome}")
        self.rows.append((name, start, time.monotonic()))
        print(f"{name:20}  {verdict:6}  {time.monotonic() - start:5.1f} s  {outcome}", flush=True)

    def bystander(self, bystander, started):
        bystander.stop()
        before = bystander.latencies(0, started)
        baseline = percentile(before, 0.99)
        p99s = {name: percentile(bystander.latencies(start, end), 0.99) for name, start, end in self.rows}
        echoes = {name: percentile(bystander.echoes(start, end), 0.99) for name, start, end in self.rows}
        late = [f"{p99:.0f} ms during {name} (an echo: {echoes[name]:.0f})" for name, p99 in p99s.items()
                if p99 > max(MOST_P99_FACTOR * baseline, ATTACKS[name][2]) + ECHO_FACTOR * echoes[name]]
        require(not late, f"its p99 rose from {baseline:.1f} to {', '.join(late)}")
        during, echo = bystander.latencies(started, time.monotonic()), bystander.echoes(started, time.monotonic())
        return (f"{len(during)} calls, none refused; p50 {percentile(before, 0.5):.1f} → {percentile(during, 0.5):.1f} ms, "
                f"p99 {baseline:.1f} → {percentile(during, 0.99):.1f} ms (an echo: {percentile(echo, 0.99):.1f}); p99 during "
                + ", ".join(f"{name} {p99:.0f}" for name, p99 in p99s.items() if p99 > 2 * baseline))

    def afterwards(self, server, descriptors, resident, records):
        server.require_alive()
        with Peer.ready(server.address) as peer:
            peer.send(wire.evaluate(1))
            require(peer.answer(1)[0] == wire.OK, "a call after the attacks")
        left = server.require_descriptors(descriptors)
        grown = server.resident_mib() - resident
        most = MOST_RESIDENT_GROWTH_MIB + records * KEPT_KIB_PER_RECORD / 1_024
        require(grown < most, f"{grown:.0f} MiB are not given back")
        return f"answers; {left} descriptors (before: {descriptors}), {resident:.0f} → {resident + grown:.0f} MiB"


def main():
    parser = argparse.ArgumentParser(prog="Tests/attack", description=__doc__.split("\n\n")[0])
    parser.add_argument("seconds", nargs="?", type=float, default=20)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", help="attacks whose name contains this")
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rules", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    seed = int.from_bytes(os.urandom(4)) if options.seed is None else options.seed
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    print(f"seed {seed}")
    run = Run(options.program, options.rules, options.seconds, seed, options.only)
    try:
        run.everything()
    except (Wrong, OSError) as error:
        run.failed.append(f"{type(error).__name__}: {error}")
    for failed in run.failed:
        print(f"error: Tests/attack (seed {seed}): {failed}", flush=True)
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())

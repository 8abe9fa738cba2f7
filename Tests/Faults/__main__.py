"""Injures Gatehouse's journal for real and counts what was lost.

usage: Tests/faults [--share] [--seed N] [--only NAME]

Every fault is injected into a server of its own, from outside, under traffic; then the server is started again and held against what it had
acknowledged: no entry lost, none invented, every window as the log's entries make it, every repeat answered as the first time. Prints a
table; exits 1 when any of it is wrong. The whole takes the better part of an hour; --share a sample in less than a minute. Power cuts and full
disks mount file systems and need root; where that is not possible they are left out, and the table says so.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(FOLDER, "..", "Attacks"))

import altered
import injector
import power
import process
from peer import Wrong

# Name → (the campaign, its size as a whole, its size as a share, whether it mounts a file system).
CAMPAIGNS = {
    "control": (altered.control, (), (), False),
    "killed at every change of a file": (process.killed_everywhere, (1,), (12,), False),
    "killed at random moments": (process.killed_at_random, (1_000,), (6,), False),
    "power cuts": (power.cuts, (300,), (3,), True),
    "tails torn at every length": (process.torn_tails, (1,), (400,), False),
    "EIO at every sync": (process.sync_errors, (1,), (6,), False),
    "ENOSPC at every write": (process.no_space_everywhere, (1,), (12,), False),
    "a full disk": (process.no_space_for_real, (10,), (1,), True),
    "clocks": (process.clocks, (10,), (1,), False),
    "repeats across restarts": (process.repeated, (10,), (1,), False),
    "flipped bits": (altered.flipped_bits, (100_000, 500), (500, 10), False),
    "flipped bits of a large log": (altered.flipped_bits_of_many, (1 << 30, 100), (1 << 20, 2), False),
    "insiders": (altered.insiders, (5_000, 200), (500, 5), False),
}


class CannotMount(Exception):
    """This machine lets nobody mount file systems, root or not."""


class Run:
    def __init__(self, program, seed, folder):
        self.program, self.rules = os.path.abspath(program), os.path.join(FOLDER, "faults.rules")
        self.bench = f"{self.program}-bench"
        self.random, self.library = random.Random(seed), injector.build(folder)

    def command(self, *words):
        subprocess.run(words, check=True, capture_output=True)

    def mount(self, *words):
        """Mounts, or says that this machine does not let us."""
        result = subprocess.run(["mount", *words], capture_output=True, text=True)
        if result.returncode:
            raise CannotMount(result.stderr.strip())


def row(name, campaign, run, size):
    """A line of the table; what is wrong, or None."""
    start = time.monotonic()
    try:
        verdict = campaign(run, *size)
    except CannotMount as error:
        print(f"| {name} | | | | | | left out: {error} |", flush=True)
        return None
    except (Wrong, OSError, ValueError, subprocess.SubprocessError) as error:
        problem = f"{type(error).__name__}: {error} {(getattr(error, 'stderr', None) or b'')[-300:]!r}"
        print(f"| {name} | | | | | | FAILED: {problem} |", flush=True)
        return problem
    result = "ok" if verdict.is_good else f"FAILED: {verdict.problem}"
    print(f"| {name} | {verdict.tried} | {verdict.acknowledged} | {verdict.lost} | {verdict.invented} | "
          f"{verdict.wrong_windows + verdict.wrong_answers} | {result}, {time.monotonic() - start:.0f} s |", flush=True)
    return None if verdict.is_good else verdict.problem


def main():
    parser = argparse.ArgumentParser(prog="Tests/faults", description=__doc__.split("\n\n")[0])
    parser.add_argument("--share", action="store_true", help="a sample in less than a minute")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", default="", help="campaigns whose name contains this")
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    seed = int.from_bytes(os.urandom(4)) if options.seed is None else options.seed
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options.program, seed, folder)
        print(f"seed {seed}\n\n| fault | tried | acknowledged | lost | invented | wrong windows or answers | |")
        print("|---|---|---|---|---|---|---|", flush=True)
        for name, (campaign, whole, share, mounts) in CAMPAIGNS.items():
            if options.only not in name:
                continue
            if mounts and os.geteuid() != 0:
                print(f"| {name} | | | | | | left out: it needs root |", flush=True)
                continue
            if problem := row(name, campaign, run, share if options.share else whole):
                failed.append(f"{name}: {problem}")
    for problem in failed:
        print(f"error: Tests/faults (seed {seed}): {problem}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

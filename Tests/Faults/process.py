"""Faults of one process: killed at every change of a file, at random moments, refused syncs and space, moved clocks."""

import contextlib
import os
import shutil
import tempfile
import threading
import time

import injector
import journal
import wire
from house import House
from peer import Peer, require
from traffic import CHECK, CUSTOMERS, DURABLE, WRITTEN, Traffic, request
from verdict import Verdict

CALLS = 60
# A log is given up behind the life in which it reaches so many; one life adds a few thousand. See EVENTS_OF_A_SUM, of each of CUSTOMERS.
CALLS_OF_A_LOG = 10_000


class Scene:
    """One data directory and the lives of servers on it."""

    def __init__(self, run, **plan):
        self.run = run
        self.folder = tempfile.mkdtemp(prefix="gatehouse-fault-")
        self.data = os.path.join(self.folder, "data")
        self.plan = injector.Plan(self.folder, run.library, self.data, **plan)
        self.traffic = Traffic(run.random, int(time.time() * 1000))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def house(self, injected=False, data=None):
        environment = self.plan.environment if injected else None
        return House(self.run.program, self.run.rules, self.folder, data or self.data, environment)

    def judge(self, verdict, least=WRITTEN):
        with self.house() as house:
            verdict.judge(self.traffic, self.data, house.must_serve(), least)


def live(scene, calls=CALLS, injected=True, stop=True):
    """One life under traffic; whether it reached its end."""
    with scene.house(injected) as house:
        address = house.address()
        finished = address is not None and scene.traffic.run(address, calls)
        if finished and stop:
            house.stop()
        return finished


def everywhere(run, share, verdict, stop, **plan):
    """One life after the other, struck by the plan at the first change of a file, the second… until one is past the last."""
    number, struck = 1, True
    while struck:
        with Scene(run, strike_at=number, **plan) as scene:
            live(scene, stop=stop)
            struck = scene.plan.struck > 0
            if struck:
                scene.judge(verdict)
        number += run.random.randrange(1, 2 * share) if share > 1 else 1


def killed_everywhere(run, share):
    """At every change of a file in turn: before it, in the middle of a write, and after it."""
    verdict = Verdict()
    for action in (injector.KILL_BEFORE, injector.KILL_TORN, injector.KILL_AFTER):
        everywhere(run, share, verdict, stop=True, action=action)
    return verdict


def killed_at_random(run, count):
    """kill -9 from outside at any moment, again and again on the same log."""
    verdict = Verdict()
    with Scene(run) as scene:
        for life in range(count):
            if life % 25 == 0 or len(scene.traffic.sent) > CALLS_OF_A_LOG:
                shutil.rmtree(scene.data, ignore_errors=True)
                scene.traffic = Traffic(run.random, int(time.time() * 1000))
            with scene.house() as house, at_any_moment(run, house, house.kill) as address:
                if address:
                    scene.traffic.run(address, 1_000_000)
                house.process.wait()
            scene.judge(verdict)
    return verdict


@contextlib.contextmanager
def at_any_moment(run, house, strike):
    """Strikes soon: half the time at once, while it may still be starting, else once it serves. Yields its address."""
    timer = threading.Timer(run.random.uniform(0.02, 0.25), strike)
    if at_once := run.random.random() < 0.5:
        timer.start()
    address = house.address()
    if not at_once:
        timer.start()
    yield address
    timer.join()


def sync_errors(run, share):
    """EIO at every sync in turn: acknowledging ends, that descriptor is never synced again."""
    verdict = Verdict()
    number, struck = 1, True
    while struck:
        with Scene(run, action=injector.SYNC_ERROR, strike_at=number) as scene:
            live(scene, stop=False)
            struck = scene.plan.struck > 0
            if struck:
                if scene.plan.retries:
                    verdict.note(f"sync {number} was tried again on the same descriptor")
                scene.judge(verdict)
        number += share
    return verdict


def no_space_everywhere(run, share):
    """ENOSPC from every write on, for twenty changes: refused or recovered from, never lost."""
    verdict = Verdict()
    everywhere(run, share, verdict, stop=False, action=injector.NO_SPACE, span=20)
    return verdict


def no_space_for_real(run, count):
    """A full file system: records are refused as RESOURCE_EXHAUSTED, checks go on, and it recovers when space returns."""
    verdict = Verdict()
    for _ in range(count):
        with Scene(run) as scene, tempfile.TemporaryDirectory() as mount:
            run.mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", mount)
            try:
                scene.data = os.path.join(mount, "data")
                fill(scene, mount, verdict)
            finally:
                run.command("umount", "-l", mount)
    return verdict


def fill(scene, mount, verdict):
    ballast = os.path.join(mount, "ballast")
    with open(ballast, "wb") as file:
        file.write(bytes(2 << 20))
    with scene.house() as house:
        address, traffic = house.must_serve(), scene.traffic
        end = time.monotonic() + 60
        while not traffic.refused and time.monotonic() < end:
            traffic.run(address, 500, durability=WRITTEN, patience=2)
            house.must_live()
        require(set(traffic.refused.values()) == {wire.RESOURCE_EXHAUSTED}, f"refused as {set(traffic.refused.values())}")
        with Peer.ready(address) as peer:
            payload = request("", "customer-0", 1, traffic.now, mode=CHECK)
            peer.send(wire.frame(wire.REQUEST, payload, call=1, method=wire.EVALUATE))
            require(peer.answer(1)[0] == wire.OK, "a check is refused on a full disk")
        os.remove(ballast)
        refused = len(traffic.refused)
        recover(traffic, address, refused)
        house.kill()
    scene.judge(verdict)


def recover(traffic, address, refused):
    """Within 10 s of space returning a record is taken again, and soon all are."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        before = len(traffic.acknowledged)
        traffic.run(address, 20, depth=1, durability=DURABLE)
        if len(traffic.acknowledged) > before and len(traffic.refused) == refused:
            return
        refused = len(traffic.refused)
    require(False, "recording does not resume when space returns")


def clocks(run, count):
    """The server's clock moved by an hour and a day, back and forth, under traffic and across a restart."""
    verdict = Verdict()
    for _ in range(count):
        with Scene(run) as scene:
            # Up to an hour back is within the past of every clock below but those moved back: their calls are refused, not miscounted.
            for offset in (0, 3_600, -3_600, 86_400, -86_400, 0):
                with scene.house(injected=True) as house:
                    address = house.must_serve()
                    for step in (offset, 0, offset):
                        scene.plan.clock_offset = step
                        require(scene.traffic.run(address, 30), "the server went away when its clock moved")
                    house.kill()
            scene.judge(verdict)
    return verdict


def repeated(run, count):
    """Ten percent of the calls are repeats, across restarts: one record each, the first answer again."""
    verdict = Verdict()
    for _ in range(count):
        with Scene(run) as scene:
            for _ in range(4):
                require(live(scene, 500, injected=False), "the server went away")
            scene.judge(verdict)
    return verdict


def torn_tails(run, share):
    """The last batch cut at every length: the log is cut where the batch begins, and nothing else is."""
    verdict = Verdict()
    with Scene(run) as scene:
        with scene.house() as house:
            require(scene.traffic.run(house.must_serve(), 200, durability=WRITTEN), "the server went away")
            house.kill()
        segment = journal.last_segment(scene.data)
        offset, first, _ = list(journal.batches(segment))[-1]
        size = os.path.getsize(segment)
        kept = {id: answer for id, answer in scene.traffic.acknowledged.items() if answer.index < first}
        original = scene.data
        for length in range(offset, size, share):
            scene.data = os.path.join(scene.folder, "torn")
            shutil.copytree(original, scene.data)
            os.truncate(os.path.join(scene.data, os.path.relpath(segment, original)), length)
            scene.traffic.acknowledged = dict(kept)
            scene.judge(verdict)
            shutil.rmtree(scene.data)
    return verdict

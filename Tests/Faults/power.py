"""Power cuts: an ext4 of its own is shut down under the server, so that whatever was not synced is gone."""

import contextlib
import fcntl
import os
import struct
import tempfile

from process import Scene, at_any_moment
from traffic import DURABLE, Traffic
from verdict import Verdict

# linux/fs/ext4/ext4.h: EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH.
SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2


@contextlib.contextmanager
def disk(run, folder):
    """A file system in a file; yields where it is mounted, and a function that mounts it again."""
    image, mount = os.path.join(folder, "image"), os.path.join(folder, "mount")
    os.mkdir(mount)
    with open(image, "wb") as file:
        file.truncate(64 << 20)
    run.command("mkfs.ext4", "-q", "-F", image)
    run.mount("-o", "loop", image, mount)

    def again():
        run.command("umount", mount)
        run.mount("-o", "loop", image, mount)

    try:
        yield mount, again
    finally:
        run.command("umount", "-l", mount)


def cut(mount, traffic):
    # A sync that is under way while the ioctl runs may return as if it had worked, for a plain write and fdatasync too, where a real cut
    # would never have let it return: what is answered from here on counts as not acknowledged.
    traffic.is_dark = True
    directory = os.open(mount, os.O_RDONLY)
    try:
        fcntl.ioctl(directory, SHUTDOWN, struct.pack("<I", NO_LOG_FLUSH))
    finally:
        os.close(directory)


def cuts(run, count):
    """What was acknowledged as durable is there when the power returns."""
    verdict = Verdict()
    done = 0
    while done < count:
        with tempfile.TemporaryDirectory() as folder, disk(run, folder) as (mount, again), Scene(run) as scene:
            scene.data = os.path.join(mount, "data")
            for _ in range(min(20, count - done)):
                one(run, scene, mount, again, verdict)
                done += 1
    return verdict


def one(run, scene, mount, again, verdict):
    scene.traffic.is_dark = False
    with scene.house() as house:
        with at_any_moment(run, house, lambda: cut(mount, scene.traffic)) as address:
            if address:
                scene.traffic.run(address, 1_000_000, durability=DURABLE, patience=2)
        house.kill()
    again()
    scene.judge(verdict, least=DURABLE)

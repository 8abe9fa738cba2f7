"""The plan that injector.c follows, from outside the process that it is loaded into."""

import mmap
import os
import struct
import subprocess

NONE, KILL_BEFORE, KILL_TORN, KILL_AFTER, SYNC_ERROR, NO_SPACE = range(6)
FIELDS = ("action", "strike_at", "span", "calls", "syncs", "struck", "retries", "clock_offset")


def build(folder):
    """Compiles the injector; the library's path."""
    library = os.path.join(folder, "injector.so")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "injector.c")
    compiler = os.environ.get("CC", "clang")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


class Plan:
    """One process's faults: `plan.calls` reads, `plan.clock_offset = 3600` writes, while it runs and after it died."""

    def __init__(self, folder, library, root, **fields):
        path = os.path.join(folder, "plan")
        with open(path, "wb") as file:
            file.write(struct.pack("<8q", *(fields.get(name, 0) for name in FIELDS)))
        with open(path, "r+b") as file:
            object.__setattr__(self, "memory", mmap.mmap(file.fileno(), 64))
        environment = {"LD_PRELOAD": library, "GATEHOUSE_FAULT_ROOT": root, "GATEHOUSE_FAULT_PLAN": path}
        object.__setattr__(self, "environment", environment)

    def __getattr__(self, name):
        return struct.unpack_from("<q", self.memory, 8 * FIELDS.index(name))[0]

    def __setattr__(self, name, value):
        struct.pack_into("<q", self.memory, 8 * FIELDS.index(name), value)

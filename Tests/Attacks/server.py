"""A Gatehouse server as a process of its own, watched from outside."""

import os
import signal
import subprocess
import tempfile
import time

from peer import Wrong, require


class Server:
    START_SECONDS = 60
    # The journal opens a few files for a moment: tiles, a checkpoint, a snapshot, the next segment.
    PASSING_DESCRIPTORS = 8
    # Last words may wait 2 s to be taken in; the rest is for a machine that does much else besides.
    CLOSING_SECONDS = 20

    def __init__(self, program, rules, arguments=(), descriptors=None):
        self.folder = tempfile.TemporaryDirectory(prefix="gatehouse-attack-")
        ready = os.path.join(self.folder.name, "ready")
        command = [program, "serve", "--rules", rules, "--listen", "127.0.0.1:0", "--ready-file", ready]
        command += ["--data", os.path.join(self.folder.name, "data"), *arguments]
        if descriptors:
            command = ["prlimit", f"--nofile={descriptors}:{descriptors}", *command]
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        self.address = self.wait_for(ready)

    def wait_for(self, ready):
        end = time.monotonic() + self.START_SECONDS
        while not os.path.exists(ready):
            require(self.process.poll() is None, f"the server did not start:\n{self.output()}")
            require(time.monotonic() < end, "the server does not get ready")
            time.sleep(0.02)
        with open(ready) as file:
            host, port = file.readline().strip().rsplit(":", 1)
        return host, int(port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def output(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4_000:]

    def require_alive(self):
        if self.process.poll() is not None:
            raise Wrong(f"the server died with {self.process.returncode}:\n{self.output()}")

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def require_descriptors(self, before, seconds=CLOSING_SECONDS):
        """Waits until the server has no more open than `before`, but for a few of its files; how many it has then."""
        end = time.monotonic() + seconds
        while (left := self.descriptors()) > before + self.PASSING_DESCRIPTORS:
            require(time.monotonic() < end, f"{left - before} descriptors are left open")
            time.sleep(0.05)
        return left

    def terminate(self, seconds):
        """SIGTERM: the seconds that draining took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Wrong(f"the server has not drained in {seconds} s:\n{self.output()}") from None
        require(code == 0, f"the server ended with {code}:\n{self.output()}")
        return time.monotonic() - start

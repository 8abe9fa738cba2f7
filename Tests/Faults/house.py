"""A Gatehouse on a data directory that outlives it: started, killed, started again."""

import os
import signal
import subprocess
import time

from peer import Wrong, require


class House:
    """One life of a server; `environment` may hold an injector's plan."""

    def __init__(self, program, rules, folder, data, environment=None, arguments=()):
        self.ready = os.path.join(folder, "ready")
        if os.path.exists(self.ready):
            os.remove(self.ready)
        command = [program, "serve", "--rules", rules, "--listen", "127.0.0.1:0", "--ready-file", self.ready,
                   "--data", data, *arguments]
        self.log_path = os.path.join(folder, "log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def address(self, seconds=60):
        """Where it listens, or None when it died before it served."""
        end = time.monotonic() + seconds
        while not os.path.exists(self.ready) or not os.path.getsize(self.ready):
            if self.process.poll() is not None:
                return None
            require(time.monotonic() < end, f"the server does not get ready:\n{self.output()}")
            time.sleep(0.005)
        with open(self.ready) as file:
            host, port = file.readline().strip().rsplit(":", 1)
        return host, int(port)

    def must_serve(self):
        address = self.address()
        if address is None:
            raise Wrong(f"the server does not start again: {self.output().strip()[-400:]}")
        return address

    def must_live(self):
        require(self.process.poll() is None, f"the server died: {self.output().strip()[-400:]}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        return self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def output(self):
        with open(self.log_path, "rb") as log:
            return log.read().decode(errors="replace")

"""One end of a connection, byte by byte."""

import socket
import time

import wire


class Wrong(Exception):
    """The server did not do what it must."""


def require(condition, message):
    if not condition:
        raise Wrong(message)


class Peer:
    PATIENCE_SECONDS = 10.0

    def __init__(self, address, receive_buffer=None, patience=PATIENCE_SECONDS):
        self.socket = socket.socket(socket.AF_INET)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect(address)
        self.rest = b""
        self.has_magic = False
        self.waiting = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @classmethod
    def ready(cls, address, **arguments):
        """A peer past the opening."""
        peer = cls(address, **arguments)
        peer.send(wire.opening())
        kind, *_ = peer.next()
        require(kind == wire.HELLO, f"the server opened with a frame of kind {kind}")
        return peer

    @classmethod
    def admitted(cls, address, seconds):
        """A peer past the opening, as soon as the server has room: one that is refused comes again."""
        end = time.monotonic() + seconds
        while True:
            try:
                return cls.ready(address)
            except (Wrong, OSError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def send(self, data):
        """Sends; a server that has closed meanwhile has said why, which is read afterwards."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def all_bytes(self):
        """What comes until the server's end."""
        data = b""
        while True:
            try:
                more = self.socket.recv(65_536)
            except TimeoutError:
                raise Wrong(f"the server does not end the connection; it said {data[:80]!r}") from None
            except ConnectionResetError:
                raise Wrong(f"the server reset the connection; it said {data[:80]!r}") from None
            if not more:
                return data
            data += more

    def next(self):
        """The next frame: kind, call, value, payload."""
        while not self.waiting:
            try:
                more = self.socket.recv(65_536)
            except TimeoutError:
                raise Wrong("the server does not answer") from None
            except ConnectionResetError:
                raise Wrong("the server reset the connection") from None
            require(more, "the server ended the connection without an answer")
            self.take(more)
        return self.waiting.pop(0)

    def take(self, data):
        data = self.rest + data
        if not self.has_magic:
            if len(data) < len(wire.MAGIC):
                self.rest = data
                return
            require(data.startswith(wire.MAGIC), f"the server opened with {data[:16]!r}")
            data, self.has_magic = data[len(wire.MAGIC):], True
        frames, self.rest = wire.take_frames(data)
        self.waiting += frames

    def last_words(self):
        """Reads to the end; the status of the GO_AWAY that must be the last frame, and its message."""
        self.take(self.all_bytes())
        require(not self.rest, f"the server ended within a frame: {self.rest[:40]!r}")
        require(self.waiting, "the server ended the connection without a word")
        kind, _, value, payload = self.waiting[-1]
        require(kind == wire.GO_AWAY, f"the server's last frame is of kind {kind}, not GO_AWAY")
        return value, payload

    def answer(self, call):
        """The status and payload of the answer to `call`; others' are dropped."""
        while True:
            kind, of, value, payload = self.next()
            require(kind != wire.GO_AWAY, f"the server went away: {value} {payload[:120]!r}")
            if kind == wire.RESPONSE and of == call:
                return value, payload

"""The end of one request, whatever the other side does."""

import socket
import threading
import time
from contextlib import suppress
from typing import Self


class Deadline:
    """Cuts what was connected when the time is over, also in the middle of a handshake or a header."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self._held: list[socket.socket] = []
        self._lock = threading.Lock()
        self._cut = False
        self._timer = threading.Timer(seconds, self.cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            held, self._held = self._held, []
        for connection in held:
            connection.close()

    @property
    def passed(self) -> bool:
        """Return whether the time is over, or was ended."""
        return self._cut or time.monotonic() >= self.end

    def hold(self, connection: socket.socket) -> None:
        """Watch a connection through a handle of its own: TLS takes the one that is given away."""
        with self._lock:
            self._held.append(connection.dup())
        if self.passed:
            self.cut()

    def cut(self) -> None:
        """End it now."""
        with self._lock:
            self._cut = True
            for connection in self._held:
                with suppress(OSError):  # closed by the other side
                    connection.shutdown(socket.SHUT_RDWR)

"""A server on loopback that answers each path in its own way, well or badly, and notes what it was asked."""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import unquote

# One path of each kind, with the verdict that it has to get.
KINDS = {
    "missing": "gone",
    "forbidden": "refused",
    "moved": "moved",
    "failing": "server-error",
    "circle": "server-error",
    "cut": "unreachable",
    "silent": "timed-out",
    "drip-header": "timed-out",
    "late": "ok",
    "busy-a-second": "ok",
}


class Behaviour(BaseHTTPRequestHandler):
    """``/name`` is answered by the method ``name``, any other path with 200."""

    server: "LinkServer"

    def do_HEAD(self) -> None:
        self.dispatch()

    def do_GET(self) -> None:
        self.dispatch()

    def dispatch(self) -> None:
        path = self.path.partition("?")[0]
        self.times = self.server.note(self)
        name = path.strip("/").replace("-", "_")
        try:
            time.sleep(self.server.delay)
            getattr(self, f"on_{name}", self.fine)()
        except OSError:  # the other side has gone
            self.close_connection = True
        finally:
            self.server.ended()

    def answer(self, status: int = 200, body: bytes = b"", **headers: object) -> None:
        self.send_response(status)
        for key, value in {"Content_Length": len(body), **headers}.items():
            if value is not None:
                self.send_header(key.replace("_", "-"), str(value))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def fine(self) -> None:
        self.answer(body=b"text")

    def to(self, place: str, status: int = 301) -> None:
        self.answer(status, Location=place)

    def refusing_head(self, status: int) -> None:
        self.answer(status) if self.command == "HEAD" else self.fine()

    # Statuses.

    def on_missing(self) -> None:
        self.answer(404)

    def on_removed(self) -> None:
        self.answer(410)

    def on_login(self) -> None:
        self.answer(401)

    def on_forbidden(self) -> None:
        self.answer(403)

    def on_legal(self) -> None:
        self.answer(451)

    def on_teapot(self) -> None:
        self.answer(418)

    def on_failing(self) -> None:
        self.answer(500)

    def on_odd(self) -> None:
        self.answer(304)

    # HEAD.

    def on_head_405(self) -> None:
        self.refusing_head(405)

    def on_head_403(self) -> None:
        self.refusing_head(403)

    def on_head_501(self) -> None:
        self.refusing_head(501)

    def on_head_404(self) -> None:
        self.refusing_head(404)

    def on_head_cut(self) -> None:
        if self.command == "GET":
            self.fine()

    # Redirects.

    def on_moved(self) -> None:
        self.to("/new")

    def on_moved_308(self) -> None:
        self.to("new", 308)

    def on_for_now(self) -> None:
        self.to("/new", 302)

    def on_chain(self) -> None:
        self.to("/moved")

    def on_moved_then_for_now(self) -> None:
        self.to("/for-now")

    def on_for_now_then_moved(self) -> None:
        self.to("/moved", 307)

    def on_moved_to_missing(self) -> None:
        self.to("/missing")

    def on_itself(self) -> None:
        self.to("/itself", 302)

    def on_circle(self) -> None:
        self.to("/circle-too")

    def on_circle_too(self) -> None:
        self.to("/circle")

    def on_further(self) -> None:
        self.to(f"/further?{self.times}")

    def on_cookie(self) -> None:
        if "seen=1" in self.headers.get("Cookie", ""):
            self.fine()
        else:
            self.answer(302, Location="/cookie", Set_Cookie="seen=1")

    def on_to_front(self) -> None:
        self.to("/")

    def on_to_mail(self) -> None:
        self.to("mailto:a@b.example", 302)

    def on_to_nowhere(self) -> None:
        self.to("http://[::1", 302)

    def on_to_secret(self) -> None:
        self.to(f"http://user:secret@127.0.0.1:{self.server.server_port}/new")

    def on_to_umlaut(self) -> None:
        self.wfile.write("HTTP/1.0 301 M\r\nLocation: /\xfc b\r\n\r\n".encode())

    def on_to_host(self) -> None:
        self.to(f"http://{unquote(self.path.partition('?')[2])}/new", 302)

    def on_no_location(self) -> None:
        self.answer(301)

    # Trouble.

    def on_busy(self) -> None:
        self.answer(429, Retry_After=0) if self.times < 2 else self.fine()

    def on_busy_a_second(self) -> None:
        self.answer(429, Retry_After=1) if self.times < 2 else self.fine()

    def on_busy_for_long(self) -> None:
        self.answer(429, Retry_After=9999)

    def on_always_busy(self) -> None:
        self.answer(429)

    def on_late(self) -> None:
        self.answer(503) if self.times < 3 else self.fine()

    def on_odd_retry(self) -> None:
        self.answer(503, Retry_After="9" * 5000) if self.times < 3 else self.fine()

    def on_silent(self) -> None:
        self.server.over.wait(20)

    def on_drip_header(self) -> None:
        self.drip(b"HTTP/1.0 200 OK\r\nX: ")

    def on_drip_body(self) -> None:
        self.drip(b"HTTP/1.0 200 OK\r\n\r\n")

    def drip(self, first: bytes) -> None:
        self.wfile.write(first)
        while not self.server.over.wait(0.02):
            self.wfile.write(b"x")

    def on_huge(self) -> None:
        if self.command == "HEAD":
            self.answer(405)
            return
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 12)
        self.answer(Content_Length=10**12)
        for _ in range(10_000):
            self.wfile.write(b"x" * 10_000)
            self.server.sent += 10_000

    def on_cut(self) -> None:
        pass

    def on_nonsense(self) -> None:
        self.wfile.write(b"hello\r\n\r\n")

    def on_long_header(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n")

    def log_message(self, *args: object) -> None:
        pass


class Waiting(ThreadingHTTPServer):
    """A server whose slow answers wait until it is over."""

    over: threading.Event


class LinkServer(Waiting):
    """Counts what it was asked; ``asked`` holds method and path in their order."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Behaviour)
        shown = f"[{host}]" if ":" in host else host
        self.base = f"http://{shown}:{self.server_port}"
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.moments: list[float] = []
        self.sent = 0
        self.delay = 0.0
        self.over = threading.Event()
        self.under_way = self.most_at_once = 0
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, request: Behaviour) -> int:
        """Return how often this address was asked by now."""
        with self._lock:
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            self.asked.append((request.command, request.path))
            self.headers.append(dict(request.headers))
            self.moments.append(time.monotonic())
            key = request.path.partition("?")[0] if request.path.startswith("/further") else request.path
            self._counts[key] += 1
            return self._counts[key]

    def has_heard(self, count: int) -> None:
        """Wait until it was asked so often; a machine that never gets there is what the limit is for."""
        waited = time.monotonic() + 30
        while len(self.asked) < count and time.monotonic() < waited:
            time.sleep(0.01)

    def ended(self) -> None:
        with self._lock:
            self.under_way -= 1

    def handle_error(self, *args: object) -> None:
        pass


Server = TypeVar("Server", bound=Waiting)


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    threading.Thread(target=partial(server.serve_forever, 0.01), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


def serving(host: str = "127.0.0.1", port: int = 0) -> contextlib.AbstractContextManager[LinkServer]:
    return running(LinkServer(host, port))


def numbered(server: LinkServer, count: int) -> list[str]:
    return [f"{server.base}/page-{n}" for n in range(count)]

"""A stand-in for GitHub's interface on loopback: what is asked is recorded, what is answered is set by the test."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

REPOSITORY = "o/r"


class FakeGitHub:
    """Answers by method and path; anything else is 404.

    Attributes:
        answers: by method and path (without query), the JSON, bytes, ``(status, JSON)`` or address to redirect to.
        asked: each request as method, path with query, JSON content and the Authorization header.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, str, Any, str | None]] = []
        self.base = ""

    @property
    def written(self) -> list[tuple[str, str, Any]]:
        """Return the requests that change something."""
        return [(method, path, content) for method, path, content, _ in self.asked if method != "GET"]

    def on(self, request: str, answer: Any) -> "FakeGitHub":
        """Set the answer to a request about the repository."""
        method, path = request.split(" ")
        self.answers[f"{method} /repos/{REPOSITORY}/{path}"] = answer
        return self


@contextmanager
def fake_github() -> Iterator[FakeGitHub]:
    """Yield a running stand-in."""
    fake = FakeGitHub()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = json.loads(self.rfile.read(length)) if length else None
            fake.asked.append((self.command, self.path, content, self.headers.get("Authorization")))
            answer = fake.answers.get(f"{self.command} {urlsplit(self.path).path}", (404, {}))
            status, answer = answer if isinstance(answer, tuple) else (200, answer)
            self.send_response(302 if isinstance(answer, str) else status)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        fake.base = f"http://127.0.0.1:{server.server_address[1]}"
        yield fake
        server.shutdown()
        thread.join()

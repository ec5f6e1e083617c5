"""A server of releases on loopback: well behaved, with ranges and ETags, unless a path is told to behave otherwise."""

import contextlib
import hashlib
import io
import json
import re
import threading
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from tests.link_server import Waiting, running

SECRET = "open-sesame"
NAME = "shuttle-diplomacy"


class Answers(BaseHTTPRequestHandler):
    server: "ReleaseServer"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with self.server.lock:
            self.server.asked.append(path)
            self.server.headers.append(dict(self.headers))
        behaviours = self.server.behaviours.get(path, [])
        behave = behaviours.pop(0) if len(behaviours) > 1 else (behaviours or [well])[0]
        try:
            behave(self)
        except OSError:
            self.close_connection = True

    @property
    def body(self) -> bytes | None:
        return self.server.files.get(self.path.partition("?")[0])

    def head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def answer(self, status: int, body: bytes = b"", **headers: object) -> None:
        self.head(status, Content_Length=len(body), **headers)
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


Behaviour = Callable[[Answers], None]


def etag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'


def well(request: Answers) -> None:
    """Answer as a good server does."""
    body = request.body
    if body is None:
        request.answer(404)
        return
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
    if asked and request.headers.get("If-Range") == etag(body):
        start = int(asked[1])
        if start >= len(body):
            request.answer(416, Content_Range=f"bytes */{len(body)}")
            return
        rest = f"bytes {start}-{len(body) - 1}/{len(body)}"
        request.answer(206, body[start:], ETag=etag(body), Content_Range=rest)
        return
    request.answer(200, body, ETag=etag(body))


def plain(request: Answers) -> None:
    """Answer without ranges and without anything that tells one state from another."""
    request.answer(200, request.body or b"")


def status(code: int) -> Behaviour:
    return lambda request: request.answer(code)


def redirect(target: str, code: int = 302) -> Behaviour:
    return lambda request: request.answer(code, Location=target)


def cut(after: int, *, ranges: bool = True) -> Behaviour:
    """Break off after so many bytes of the answer, keeping to ranges or not."""

    def behave(request: Answers) -> None:
        body = request.body or b""
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(asked[1]) if asked and ranges else 0
        kept: dict[str, object] = {"ETag": etag(body)} if ranges else {}
        if start:
            kept["Content_Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        request.head(206 if start else 200, Content_Length=len(body) - start, **kept)
        request.wfile.write(body[start : start + after])
        request.wfile.flush()
        request.close_connection = True

    return behave


class ReleaseServer(Waiting):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.base = f"http://127.0.0.1:{self.server_port}/"
        self.files: dict[str, bytes] = {}
        self.behaviours: dict[str, list[Behaviour]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.lock = threading.Lock()
        self.over = threading.Event()

    def release(self, version: str = "1.2.0", *, size: int = 0, name: str = NAME, folder: str = "/") -> str:
        """Publish a release and return its checksum; ``size``: how much to add to it."""
        content = archive(version, size=size, name=name)
        file = f"{name}-{version}.zip"
        self.files[folder + file] = content
        sums = self.files.get(folder + "SHA256SUMS", b"").decode()
        self.files[folder + "SHA256SUMS"] = f"{sums}{sha256(content)}  {file}\n".encode()
        return sha256(content)

    def behave(self, path: str, *behaviours: Behaviour) -> None:
        """Say how to answer: the first time, the second, and from then on as the last."""
        self.behaviours[path] = list(behaviours)

    def address(self, path: str = "", *, secret: bool = False) -> str:
        base = self.base.replace("//", f"//user:{SECRET}@") if secret else self.base
        return base + path

    def handle_error(self, *args: object) -> None:
        pass


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def archive(version: str, *, size: int = 0, name: str = NAME) -> bytes:
    """Return the zip of a package of one table; some bytes that do not repeat make it larger."""
    fields = [{"name": "id", "type": "string"}, {"name": "day", "type": "date"}]
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": fields}}
    descriptor = {"name": name, "version": version, "resources": [resource]}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        opened.writestr("datapackage.json", json.dumps(descriptor))
        opened.writestr("t.csv", f"id,day\n{version},2026-01-13\n")
        opened.writestr("ballast.bin", b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(size // 32)))
    return target.getvalue()


def serving() -> contextlib.AbstractContextManager[ReleaseServer]:
    return running(ReleaseServer())

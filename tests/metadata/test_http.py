"""Packages at http addresses, served on loopback: bounded in time and size."""

import contextlib
import gzip
import socket
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

import shuttle_diplomacy as sd
from shuttle_diplomacy.errors import UnreadableError, UnsafePathError
from shuttle_diplomacy.package import guarded, http
from shuttle_diplomacy.package.compression import open_decompressed
from shuttle_diplomacy.package.http import Limits, fetch
from shuttle_diplomacy.package.storage import Remote
from tests.conftest import PackageFolder


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class Endless(BaseHTTPRequestHandler):
    """Sends more than anyone wants."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        pass


def serve(handler: object) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=partial(server.serve_forever, 0.01), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(folder: PackageFolder) -> Iterator[str]:
    folder.table("t", "id,n\na,1\n")
    yield from serve(partial(Quiet, directory=str(folder.root)))


@pytest.fixture
def endless() -> Iterator[str]:
    yield from serve(Endless)


@pytest.mark.parametrize("path", ["/datapackage.json", "/", ""])
def test_open_package_over_http(address, path):
    assert sd.open_package(address + path).load("t").rows() == [("a", 1)]


def test_open_archive_over_http(address, folder):
    archive = folder.root / "package.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name in ("datapackage.json", "t.csv"):
            opened.write(folder.root / name, name)
    package = sd.open_package(address + "/package.zip")
    archive.unlink()
    assert package.load("t").rows() == [("a", 1)]
    assert package.package.where == address + "/package.zip"
    with pytest.raises(UnreadableError, match="/package.zip answers with status 404"):
        sd.open_package(address + "/package.zip")
    with pytest.raises(UnreadableError, match=r"/datapackage.json/x.zip answers with status 404"):
        sd.open_package(address + "/datapackage.json/x.zip")


def test_page_that_is_no_archive_is_one_sentence(address, folder):
    (folder.root / "package.zip").write_text("<html>", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"^http.*/package.zip cannot be read as a zip archive: "):
        sd.open_package(address + "/package.zip")


def test_missing_page_is_one_sentence(address):
    with pytest.raises(UnreadableError, match="/no/datapackage.json answers with status 404"):
        sd.open_package(address + "/no/datapackage.json")


def test_size_is_bounded(endless):
    with pytest.raises(UnreadableError, match="is larger than the limit of 1,000 bytes"):
        fetch(endless, Limits(max_bytes=1000))


def test_time_is_bounded(endless):
    with pytest.raises(UnreadableError, match="took longer than the limit of 0 seconds"):
        fetch(endless, Limits(total_seconds=0))


def test_silence_is_bounded():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://user:secret@127.0.0.1:{silent.getsockname()[1]}/x"
        with pytest.raises(UnreadableError, match="no answer in time") as caught:
            fetch(url, Limits(read_seconds=0.1))
    assert "secret" not in str(caught.value)


def test_refused_connection_is_one_sentence():
    with pytest.raises(UnreadableError, match="cannot be fetched: no connection"):
        fetch("http://127.0.0.1:9/")


def test_place_of_a_package_shows_no_password():
    assert Remote("http://user:secret@example.org/p/").where == "http://example.org/p/"


TEXT = b"id\n" * 1000
PACKED = gzip.compress(TEXT, mtime=0)
BOMB = gzip.compress(b"0" * 5_000_000, mtime=0)


class Scripted(BaseHTTPRequestHandler):
    """Answers each path in its own way, and notes what it was asked for."""

    asked: list[tuple[str, str | None, str | None]] = []  # noqa: RUF012 (emptied by the fixture)

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/").replace(".", "_").replace("-", "_")
        self.asked.append((self.path, self.headers["Authorization"], self.headers["Accept-Encoding"]))
        with contextlib.suppress(OSError):
            getattr(self, name)()

    def answer(self, body: bytes, status: int = 200, **headers: object) -> None:
        self.send_response(status)
        for key, value in {"Content_Length": len(body), **headers}.items():
            if value is not None:
                self.send_header(key.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def plain(self) -> None:
        self.answer(TEXT)

    def loop(self) -> None:
        self.answer(b"", 302, Location="/loop")

    def moved(self) -> None:
        self.answer(b"x" * 1_000_000, 301, Location="plain?moved=1")

    def moved_elsewhere(self) -> None:
        self.answer(b"", 302, Location=f"http://localhost:{self.server.server_port}/plain")

    def moved_to_a_file(self) -> None:
        self.answer(b"", 302, Location="file:///etc/passwd")

    def cut(self) -> None:
        self.answer(TEXT, Content_Length=len(TEXT) + 1)

    def long(self) -> None:
        self.answer(TEXT + b"more", Content_Length=len(TEXT))

    def claims(self) -> None:
        self.answer(b"", Content_Length=10**12)

    def lengths(self) -> None:
        self.answer(TEXT, content_length=5)

    def nonsense(self) -> None:
        self.answer(TEXT, Content_Length="many")

    def endless_header(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        self.drip()

    def endless_body(self) -> None:
        self.answer(b"", Content_Length=None)
        self.drip()

    def drip(self) -> None:
        for _ in range(1000):
            self.wfile.write(b"x")
            time.sleep(0.01)

    def packed(self) -> None:
        self.answer(PACKED, Content_Encoding="gzip")

    def deflated(self) -> None:
        self.answer(zlib.compress(TEXT), Content_Encoding="deflate")

    def bomb(self) -> None:
        self.answer(BOMB, Content_Encoding="gzip")

    def twice(self) -> None:
        self.answer(gzip.compress(BOMB, mtime=0), Content_Encoding="gzip, gzip")

    def broken(self) -> None:
        self.answer(b"no gzip", Content_Encoding="gzip")

    def a_csv_gz(self) -> None:
        self.answer(PACKED, Content_Encoding="gzip")

    def b_csv_gz(self) -> None:
        self.answer(PACKED)

    def bomb_csv_gz(self) -> None:
        self.answer(BOMB)

    def part(self) -> None:
        self.answer(TEXT, 206)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def scripted() -> Iterator[str]:
    Scripted.asked.clear()
    yield from serve(Scripted)


@pytest.mark.parametrize("path", ["plain", "moved", "moved_elsewhere", "long", "packed", "deflated", "nonsense"])
def test_sound_answer_is_taken(scripted, path):
    assert fetch(f"{scripted}/{path}") == TEXT


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("loop", "/loop is redirected more than 5 times"),
        ("moved_to_a_file", "/moved_to_a_file is redirected to 'file:///etc/passwd', which is no http.s. address"),
        ("cut", "/cut cannot be fetched: the connection was cut"),
        ("claims", "/claims is larger than the limit of 1,000,000 bytes"),
        ("bomb", "/bomb is larger than the limit of 1,000,000 bytes"),
        ("twice", "/twice is sent in the encoding 'gzip, gzip'; 'gzip' and 'deflate' are read"),
        ("broken", "/broken cannot be fetched: its content encoding is broken"),
        ("lengths", "/lengths cannot be fetched: its header cannot be understood"),
        ("part", "/part answers with status 206"),
    ],
)
def test_unsound_answer_is_one_sentence(scripted, path, message):
    with pytest.raises(UnreadableError, match=message):
        fetch(f"{scripted}/{path}", Limits(max_bytes=1_000_000))
    assert len(Scripted.asked) == (6 if path == "loop" else 1)


@pytest.mark.parametrize("path", ["endless_header", "endless_body"])
def test_answer_that_drips_is_cut_at_its_deadline(scripted, path):
    with pytest.raises(UnreadableError, match=f"/{path} took longer than the limit of 0.2 seconds"):
        fetch(f"{scripted}/{path}", Limits(total_seconds=0.2))


def test_no_redirect_from_https_to_http():
    session = requests.Session()
    answer = requests.Response()
    answer.status_code, answer.url, answer.raw = 302, "https://example.org/a", None
    answer.headers["Location"] = "http://user:secret@example.org/b"
    session.get = lambda *_, **__: answer
    answer.close = lambda: None
    with pytest.raises(http.RefusedError, match="from https to 'http://example.org/b', which is not encrypted"):
        http.answer(session, "https://example.org/a", Limits())


def test_password_goes_to_the_same_origin_only(scripted):
    address = scripted.replace("//", "//user:secret@")
    fetch(address + "/moved")
    assert [bool(authorization) for _, authorization, _ in Scripted.asked] == [True, True]
    Scripted.asked.clear()
    fetch(address + "/moved_elsewhere")
    assert [bool(authorization) for _, authorization, _ in Scripted.asked] == [True, False]


@pytest.mark.parametrize("name", ["a.csv.gz", "b.csv.gz"])
def test_compressed_file_is_kept_as_it_is_stored(scripted, name):
    storage = Remote(scripted + "/")
    assert storage.read(name) == PACKED
    assert Scripted.asked == [(f"/{name}", None, "identity")]
    with contextlib.closing(open_decompressed(name, storage, "gz")) as stream:
        assert stream.read(10_000) == TEXT


def test_compressed_bomb_is_stopped(scripted):
    storage = Remote(scripted + "/", Limits(max_bytes=100_000))
    message = "bomb.csv.gz, decompressed, is larger than the limit of"
    with (
        contextlib.closing(open_decompressed("bomb.csv.gz", storage, "gz")) as stream,
        pytest.raises(UnreadableError, match=message),
    ):
        stream.read(10_000_000)


@pytest.mark.parametrize("in_memory", [1, 1 << 20])
def test_each_file_is_fetched_once_and_read_by_several(scripted, monkeypatch, in_memory):
    monkeypatch.setattr(guarded, "_IN_MEMORY", in_memory)
    storage = Remote(scripted + "/")
    with storage.open("plain") as one, storage.open(f"{scripted}/plain") as other:
        assert one.seekable()
        assert one.read(4) == other.read(4) == b"id\ni"
        assert one.seek(-2, 2) == len(TEXT) - 2
        assert (one.read(), other.read(2), one.seek(0)) == (b"d\n", b"d\n", 0)
    assert storage.read("plain", most=len(TEXT)) == TEXT
    assert len(Scripted.asked) == 1
    storage.close()
    assert storage.read("plain") == TEXT
    assert len(Scripted.asked) == 2


def test_what_failed_is_not_kept(scripted):
    storage = Remote(scripted + "/")
    for _ in range(2):
        with pytest.raises(UnreadableError, match="the connection was cut"):
            storage.open("cut")
    assert len(Scripted.asked) == 2


def test_nothing_outside_of_the_package_is_asked_for(scripted):
    for path in ("../plain", f"{scripted}/plain", f"{scripted}/p/%2e%2e/plain"):
        with pytest.raises(UnsafePathError):
            Remote(scripted + "/p/").open(path)
    assert Scripted.asked == []

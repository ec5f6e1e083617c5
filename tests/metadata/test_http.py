"""Packages at http addresses, served on loopback: bounded in time and size."""

import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package.http import Limits, fetch
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
    threading.Thread(target=server.serve_forever, daemon=True).start()
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
    from shuttle_diplomacy.package.storage import Remote

    assert Remote("http://user:secret@example.org/p/").where == "http://example.org/p/"

"""Certificates: those that nobody vouches for, and those that somebody does."""

import contextlib
import shutil
import socket
import ssl
import subprocess

import pytest

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.review.links.checking import Checker, Plan
from shuttle_diplomacy.review.links.store import Store
from shuttle_diplomacy.review.links.verdicts import Verdict
from tests.link_server import serving

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key"), "-out", str(folder / "pem")]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def port(certificate):
    with serving() as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate / "pem", certificate / "key")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        yield server.server_port


def _check(tmp_path, address, seconds=5):
    with Store(tmp_path / "links.sqlite", private=True) as store:
        return Checker(store, Plan(seconds, allow_private=True)).check([address])[address]


def test_certificate_of_nobody_is_told(tmp_path, port):
    found = _check(tmp_path, f"https://localhost:{port}/page")
    assert found.verdict is Verdict.UNREACHABLE
    assert found.note.replace("-", " ") == "its certificate is not trusted: self signed certificate"


def test_certificate_that_is_vouched_for_is_fine(tmp_path, port, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate / "pem"))
    assert _check(tmp_path, f"https://localhost:{port}/page").verdict is Verdict.OK


def test_certificate_for_another_host_is_told(tmp_path, port, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate / "pem"))
    found = _check(tmp_path, f"https://127.0.0.1:{port}/page")
    assert found.verdict is Verdict.UNREACHABLE
    assert found.note.startswith("its certificate is not trusted: IP address mismatch")


def test_bundle_that_is_not_there_is_one_sentence(tmp_path, port, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none"))
    with pytest.raises(
        ConfigurationError, match="the certificates in .*/none cannot be read: No such file or directory"
    ):
        _check(tmp_path, f"https://localhost:{port}/page")


def test_server_without_tls_is_told(tmp_path):
    with serving() as server:
        found = _check(tmp_path, server.base.replace("http:", "https:"))
    assert (found.verdict, found.note) == (Verdict.UNREACHABLE, "no secure connection")


def test_handshake_that_drips_is_cut(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening, contextlib.ExitStack() as opened:
        import threading

        over = threading.Event()

        def drip():
            connection, _ = listening.accept()
            opened.callback(connection.close)
            with contextlib.suppress(OSError):
                connection.sendall(b"\x16\x03\x03\x40\x00")
                while not over.wait(0.02):
                    connection.sendall(b"x")

        threading.Thread(target=drip, daemon=True).start()
        found = _check(tmp_path, f"https://127.0.0.1:{listening.getsockname()[1]}/", seconds=0.4)
        over.set()
    assert found.verdict is Verdict.TIMED_OUT

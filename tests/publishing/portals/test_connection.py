import logging
import os
import traceback

import pytest

from shuttle_diplomacy.publishing.portals import connection
from shuttle_diplomacy.publishing.portals.access import Token, checked_address, token_of
from shuttle_diplomacy.publishing.portals.built import Asset
from shuttle_diplomacy.publishing.portals.connection import Connection
from shuttle_diplomacy.publishing.portals.faults import PortalError
from shuttle_diplomacy.publishing.portals.github import upload_hosts
from shuttle_diplomacy.publishing.portals.requesting import Request
from shuttle_diplomacy.publishing.portals.sending import Bounds
from tests.publishing.portals.conftest import served
from tests.publishing.portals.servers import TOKEN, Portal

PORTALS = ("zenodo", "ckan", "github")
EXTRA = {"ckan": ("--organization", "zoos")}


class Echo(Portal):
    """Answers every request with an empty object."""

    def answer(self, *_):
        return 200, {}


@pytest.fixture
def portal():
    yield from served(Echo)


@pytest.fixture
def quick():
    return Bounds(connect_seconds=0.5, read_seconds=0.4, total_seconds=0.8, max_bytes=2000, backoff=1)


@pytest.fixture
def connect(portal, quick):
    def made(base=None, **more):
        return Connection(base or portal.origin, Token("T", TOKEN), **({"bounds": quick} | more))

    return made


def request(portal, method="GET", **more):
    return Request(method, f"{portal.origin}/thing", "to ask", **more)


def chain(error):
    """Yield everything that an exception holds on to."""
    seen, waiting = [], [error]
    while waiting:
        item = waiting.pop()
        if any(item is other for other in seen):
            continue
        seen.append(item)
        waiting += [i for i in (getattr(item, "__cause__", None), getattr(item, "__context__", None)) if i is not None]
        waiting += [v for v in getattr(item, "__dict__", {}).values() if v is not None]
        waiting += [a for a in getattr(item, "args", ()) if a is not None]
    return seen


def failure(connect, portal, **more):
    with pytest.raises(PortalError) as caught:
        connect().ask(request(portal, **more))
    assert all(TOKEN not in repr(item) for item in chain(caught.value))
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


STATUSES = [
    (400, "what was sent does not suit it"),
    (401, "does not accept the token in {variable}"),
    (403, "the token in {variable} may not do this"),
    (404, "there is no such thing, or the token in {variable} may not see it"),
    (409, "that conflicts with what is there"),
    (413, "that is larger than it accepts"),
    (418, "that is no answer of its interface: check the address"),
    (422, "it finds fault with what was sent"),
    (429, "it asks for fewer requests: run the same command again"),
    (500, "it fails itself; run the same command again later"),
    (503, "it fails itself; run the same command again later"),
]


# CKAN and GitHub say 404 where there is no dataset and no tag yet.
REFUSALS = [
    (name, status, advice, repeated)
    for name in PORTALS
    for status, advice in STATUSES
    for repeated in (True, False)
    if not (repeated and status == 404 and name != "zenodo")
]


@pytest.mark.parametrize(("name", "status", "advice", "repeated"), REFUSALS)
def test_each_refusal_is_one_sentence(publish, name, status, advice, repeated, zenodo, ckan, github):
    server = {"zenodo": zenodo, "ckan": ckan, "github": github}[name]
    github.tags["v1.2.0"] = {"type": "commit", "sha": "c"}
    body = {"message": f"No \x1b[31m{TOKEN}", "error": {"__type": "E"}}
    method = "GET" if repeated else "POST"
    server.faults[method, "/"] = [(status, body, {})] * 4
    code, out, err = publish(name, server, *EXTRA.get(name, ()))
    last = err.splitlines()[-1]
    assert (code, out) == (2, "")
    assert advice.format(variable=f"{name.upper()}_TOKEN") in last
    assert f"status {status} (No \\x1b[31m***" in last
    assert "\x1b" not in err
    assert "Traceback" not in err
    again = status in {429, 500, 503} and repeated
    assert len(server.asked(method)) == (4 if again else 1)


@pytest.mark.parametrize("name", PORTALS)
def test_a_wrong_token_is_said(publish, name, zenodo, ckan, github):
    server = {"zenodo": zenodo, "ckan": ckan, "github": github}[name]
    server.token = "another"
    code, _, err = publish(name, server, *EXTRA.get(name, ()))
    assert code == 2
    assert f"the token in {name.upper()}_TOKEN" in err or f"accept the token in {name.upper()}_TOKEN" in err


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("elsewhere", [True, False])
def test_no_redirect_is_followed(connect, portal, stranger, status, method, elsewhere):
    place = f"{(stranger if elsewhere else portal).origin}/{TOKEN}"
    portal.faults[method, "/thing"] = [(status, b"", {"Location": place})]
    said = failure(connect, portal, method=method)
    assert f"status {status}; it sends on to http://127.0.0.1:" in said
    assert "which is not followed with a token; give the right place with --address" in said
    assert stranger.log == []
    assert len(portal.log) == 1


@pytest.mark.parametrize(
    "url",
    [
        "{stranger}/x",
        "http://user@{portal_host}/x",
        "https://{portal_host}/x",
        "http://localhost:{portal_port}/x",
        "ftp://{portal_host}/x",
        "//x",
        "",
        "http://127.0.0.1:99999/x",
        "http://[::1/x",
        "http://{portal_host}/x\t",
        "http://{portal_host}\\x",
        "http://{portal_host}/x y",
        "https://uploads.example.org:444/x",
        "http://uploads.example.org/x",
    ],
)
def test_the_token_goes_to_the_portal_only(connect, portal, stranger, url):
    known = {"stranger": stranger.origin, "portal_host": f"127.0.0.1:{portal.server_port}"}
    url = url.format(**known, portal_port=portal.server_port)
    asking = connect(hosts=frozenset({"uploads.example.org"}))
    with pytest.raises(PortalError, match="nothing was sent there"):
        asking.ask(Request("PUT", url, "to send"))
    assert portal.log == stranger.log == []


def test_github_alone_has_a_second_host():
    assert upload_hosts("https://api.github.com") == {"uploads.github.com"}
    assert upload_hosts("https://api.octo.ghe.com") == {"uploads.octo.ghe.com"}
    assert upload_hosts("http://127.0.0.1:1") == set()


def test_what_may_be_sent_twice_is_tried_again_with_longer_and_longer_pauses(connect, portal, impatient):
    portal.faults["GET", "/thing"] = [(503, b"", {}), "cut early", (502, b"", {})]
    assert connect().ask(request(portal, repeatable=True)) == {}
    assert impatient == [0, 2, 4]


def test_a_file_is_sent_whole_again(connect, portal):
    content = bytes(range(256)) * 2000
    asset = Asset("a.bin", "a.bin", len(content), "", content)
    portal.faults["PUT", "/thing"] = ["cut early", (503, b"", {})]
    connect().ask(request(portal, "PUT", upload=asset, repeatable=True))
    assert portal.log[-1][3] == content


def test_the_pause_that_is_asked_for_is_made(connect, portal, impatient):
    portal.faults["GET", "/thing"] = [(429, b"", {"Retry-After": "7"})]
    connect().ask(request(portal, repeatable=True))
    assert impatient == [7]


@pytest.mark.parametrize("value", ["3600", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_a_long_pause_is_left_to_the_user(connect, portal, impatient, value):
    portal.faults["GET", "/thing"] = [(429, {"message": "slow down"}, {"Retry-After": value})]
    said = failure(connect, portal, repeatable=True)
    assert "status 429 (slow down); it asks for fewer requests: wait " in said
    assert " seconds and run the same command again" in said
    assert impatient == []


@pytest.mark.parametrize("value", ["soon", "-1", "", "1e9", "Fri, 99 Foo 2026 00:00:00 GMT", "9" * 400])
def test_an_odd_pause_is_none_or_long(connect, portal, value):
    portal.faults["GET", "/thing"] = [(429, b"", {"Retry-After": value})]
    try:
        assert connect().ask(request(portal, repeatable=True)) == {}
    except PortalError as error:
        assert "it asks for fewer requests" in str(error)  # noqa: PT017 (either is sound)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("slow", "no answer in time"),
        ("drip", "no answer in time"),
        ("cut early", "the connection was cut"),
        ((200, b"x" * 3000, {}), "the answer is larger than any of such a portal"),
        ((200, b"<html>", {}), "the portal's answer is no JSON; check the address"),
        ((200, b"[" * 1500, {}), "the portal's answer is no JSON"),
        ((200, b"\xff\xfe", {}), "the portal's answer is no JSON"),
        ((200, b"{}", {"Content-Length": 100}), "the connection was cut"),
    ],
)
def test_an_answer_that_is_none_is_one_sentence(connect, portal, fault, sentence):
    portal.faults["GET", "/thing"] = [fault]
    assert sentence in failure(connect, portal)
    assert not portal.heard_out


@pytest.mark.parametrize("spelt", [TOKEN, "".join(f"\\u{ord(c):04x}" for c in TOKEN), TOKEN.replace("/", "\\/")])
def test_a_token_that_the_portal_repeats_is_hidden(connect, portal, spelt):
    portal.faults["GET", "/thing"] = [
        (200, b'{"a": ["' + spelt.encode() + b'"]}', {}),
        (422, b'{"message": "' + spelt.encode() + b'"}', {}),
    ]
    assert connect().ask(request(portal)) == {"a": ["***"]}
    assert "status 422 (***)" in failure(connect, portal)


JUNK = [None, [], {}, "x", 1, True, [1], [{}], {"id": {}}, {"links": []}, {"success": True, "result": []}]
JUNK += [{"success": True, "result": {"id": 1, "resources": {}}}, {"id": 1, "draft": "x", "links": {"bucket": 1}}]
JUNK += [
    {"object": {"type": "tag", "sha": ["x"]}},
    {"id": -1, "files": [{"id": None}], "submitted": 3},
    {"errors": {"a": [[[]]]}},
]
JUNK += [[{"filename": "README.md", "name": "README.md"}], {"message": "\ud800", "id": "../..", "html_url": "\ud800"}]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("name", PORTALS)
def test_no_answer_is_a_traceback(publish, name, junk, zenodo, ckan, github):
    server = {"zenodo": zenodo, "ckan": ckan, "github": github}[name]
    github.tags["v1.2.0"] = {"type": "commit", "sha": "c"}
    sound = server.answer
    for place in (1, 2, 3, 4, 5):
        for state in ("items", "datasets", "releases", "assets"):
            getattr(server, state, {}).clear()
        count = []
        server.answer = lambda *given, count=count, place=place: (
            (200, junk) if count.append(1) or len(count) == place else sound(*given)
        )
        code, _, err = publish(name, server, *EXTRA.get(name, ()))
        assert code in {0, 1, 2}
        assert code == 0 or err.splitlines()[-1].startswith("shuttle publish: ")


def test_nobody_listening_is_said(connect):
    with served_port() as origin, pytest.raises(PortalError, match="to ask: no connection; run the same command again"):
        connect(origin).ask(Request("GET", f"{origin}/x", "to ask"))


class served_port:  # noqa: N801 (used like a function)
    """An address at which nobody listens."""

    def __enter__(self):
        server = Echo()
        origin = server.origin
        server.shutdown()
        server.server_close()
        return origin

    def __exit__(self, *_):
        pass


def test_a_netrc_and_cookies_do_not_count(connect, portal, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    portal.faults["GET", "/thing"] = [(200, {}, {"Set-Cookie": "a=b"})]
    asking = connect()
    asking.ask(request(portal))
    asking.ask(request(portal))
    assert {header["Authorization"] for _, _, header, _ in portal.log} == {f"Bearer {TOKEN}"}
    assert all("Cookie" not in header for _, _, header, _ in portal.log)


def test_nothing_is_logged_that_holds_the_token(connect, portal, caplog):
    caplog.set_level(logging.DEBUG)
    connect().ask(request(portal))
    assert TOKEN not in caplog.text


def test_a_proxy_is_not_asked_for_this_computer(connect, portal, stranger, monkeypatch):
    monkeypatch.setenv("http_proxy", stranger.origin)
    monkeypatch.setenv("no_proxy", "")
    connect().ask(request(portal))
    assert stranger.log == []


@pytest.mark.parametrize(
    ("value", "sentence"),
    [(None, "T is not set"), (" ", "T is not set"), ("a\nb", "T holds characters"), ("é", "T holds characters")],
)
def test_a_token_has_to_be_one(monkeypatch, value, sentence):
    monkeypatch.delenv("T", raising=False)
    if value is not None:
        monkeypatch.setenv("T", value)
    with pytest.raises(PortalError, match=sentence) as caught:
        token_of("T")
    assert value is None or value.strip() == "" or value not in str(caught.value)


def test_a_missing_token_sends_nothing(publish, zenodo, monkeypatch):
    monkeypatch.delenv("ZENODO_TOKEN")
    code, _, err = publish("zenodo", zenodo)
    assert (code, zenodo.log) == (2, [])
    assert "ZENODO_TOKEN is not set" in err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("http://zenodo.org/api", "is not encrypted; a token is sent by https only"),
        ("http://127.0.0.1.example.org", "is not encrypted"),
        ("http://10.0.0.1", "is not encrypted"),
        ("ftp://zenodo.org", "has to be an https address"),
        ("zenodo.org", "has to be an https address"),
        ("https://user:pass@zenodo.org", "has to be an https address"),
        ("https://zenodo.org/?a=b", "has to be an https address"),
        ("https://zenodo.org/#a", "has to be an https address"),
        ("https://zenodo.org/a b", "has to be an https address"),
        ("https://a:b/", "is no address of a portal"),
        ("https://[::1", "is no address of a portal"),
        ("", "has to be an https address"),
    ],
)
def test_an_address_has_to_be_safe(text, sentence):
    with pytest.raises(PortalError, match=sentence) as caught:
        checked_address(text)
    assert "pass" not in str(caught.value)


def test_the_bar_is_told_how_far_an_upload_is(connect, portal):
    heard = []
    asset = Asset("a.bin", "a.bin", 200_000, "", b"x" * 200_000)
    connect(sent=lambda *told: heard.append(told)).ask(request(portal, "PUT", upload=asset, form={"k": 'v\r\n"é'}))
    assert heard[-1][0] == "a.bin"
    assert heard[-1][1] == heard[-1][2] == len(portal.log[-1][3]) > 200_000
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)


def test_a_file_that_shrinks_while_it_is_sent_is_said(connect, portal, tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"x" * 10)
    asset = Asset("a.bin", "a.bin", 20, "", file)
    assert "the file changed while it was sent" in failure(connect, portal, method="PUT", upload=asset)
    file.unlink()
    assert f"a.bin cannot be read: {os.strerror(2)}" in failure(connect, portal, method="PUT", upload=asset)


def test_the_pause_is_a_real_one(monkeypatch):
    waited = []
    monkeypatch.undo()
    monkeypatch.setattr(connection.time, "sleep", waited.append)
    connection.pause(3)
    assert waited == [3]

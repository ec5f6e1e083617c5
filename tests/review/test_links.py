"""What is said of an address, asked of a real server on loopback."""

import contextlib
import socket
import threading
import time

import pytest

from shuttle_diplomacy import __version__
from shuttle_diplomacy.review.links import guard
from shuttle_diplomacy.review.links.checking import Checker, Plan
from shuttle_diplomacy.review.links.schedule import Manners, Schedule
from shuttle_diplomacy.review.links.store import Store
from shuttle_diplomacy.review.links.verdicts import Hop, Verdict
from shuttle_diplomacy.review.links.visit import Patience
from tests.link_server import KINDS, numbered, serving

QUICK = Patience(first_seconds=0.01, most_seconds=1)
UNSPARED = Manners(host_seconds=0)


@pytest.fixture
def check(tmp_path):
    def ask(*addresses, allow_private=True, patience=QUICK, manners=UNSPARED, seconds=5, **plan):
        with Store(tmp_path / "links.sqlite", private=allow_private) as store:
            how = Plan(seconds, allow_private=allow_private, patience=patience, manners=manners, **plan)
            found = Checker(store, how).check(addresses)
        return found[addresses[0]] if len(addresses) == 1 else found

    return ask


@pytest.mark.parametrize(
    ("path", "verdict", "status", "note"),
    [
        ("page", "ok", 200, ""),
        ("missing", "gone", 404, "answers with status 404"),
        ("removed", "gone", 410, "answers with status 410"),
        ("login", "refused", 401, "answers with status 401"),
        ("forbidden", "refused", 403, "answers with status 403"),
        ("legal", "refused", 451, "answers with status 451"),
        ("teapot", "refused", 418, "answers with status 418"),
        ("always-busy", "refused", 429, "answers with status 429"),
        ("busy-for-long", "refused", 429, "answers with status 429 and asks to come again in 9,999 seconds"),
        ("failing", "server-error", 500, "answers with status 500"),
        ("odd", "server-error", 304, "answers with status 304"),
        ("no-location", "server-error", 301, "answers with status 301"),
        ("cut", "unreachable", None, "the connection was cut before an answer came"),
        ("nonsense", "server-error", None, "what it answers is no HTTP"),
        ("long-header", "server-error", None, "what it answers is no HTTP"),
        ("itself", "server-error", 302, "redirects in a circle"),
        ("circle", "server-error", 301, "redirects in a circle"),
        ("further", "server-error", 301, "redirects more than 10 times"),
        (
            "to-mail",
            "server-error",
            302,
            "redirects to 'mailto:a@b.example', which is an address of mailto: and cannot",
        ),
        ("to-nowhere", "server-error", 302, "redirects to 'http://[::1', which cannot be understood"),
        ("moved-to-missing", "gone", 404, "answers with status 404"),
        ("to-front", "moved", 200, "leads to a front page; the page itself may be gone"),
        ("for-now", "ok", 200, "redirects for now"),
        ("cookie", "ok", 200, "redirects for now"),
        ("drip-body", "ok", 200, ""),
        *((path, "ok", 200, "") for path in ("head-405", "head-403", "head-501", "head-404", "head-cut")),
        *((path, "ok", 200, "") for path in ("busy", "late", "odd-retry")),
    ],
)
def test_verdict(server, check, path, verdict, status, note):
    found = check(f"{server.base}/{path}")
    assert (found.verdict, found.status) == (verdict, status)
    assert found.note.startswith(note)
    assert bool(found.note) == bool(note)
    assert found.asked == pytest.approx(time.time(), abs=60)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("page", ["HEAD"]),
        ("drip-body", ["HEAD"]),
        ("head-405", ["HEAD", "GET"]),
        ("missing", ["HEAD", "GET"]),
        ("head-cut", ["HEAD", "GET"]),
        ("cut", ["HEAD", "GET", "GET"]),
        ("failing", ["HEAD", "GET", "GET", "GET"]),
        ("busy", ["HEAD", "GET"]),
        ("busy-for-long", ["HEAD"]),
        ("always-busy", ["HEAD", "GET", "GET"]),
    ],
)
def test_no_more_requests_than_it_takes(server, check, path, asked):
    check(f"{server.base}/{path}")
    assert [method for method, _ in server.asked] == asked


@pytest.mark.parametrize(
    ("path", "verdict", "hops", "suggestion"),
    [
        ("moved", "moved", [(301, "/new")], "/new"),
        ("moved-308", "moved", [(308, "/new")], "/new"),
        ("chain", "moved", [(301, "/moved"), (301, "/new")], "/new"),
        ("for-now", "ok", [(302, "/new")], ""),
        ("moved-then-for-now", "moved", [(301, "/for-now"), (302, "/new")], "/for-now"),
        ("for-now-then-moved", "ok", [(307, "/moved"), (301, "/new")], ""),
        ("moved-to-missing", "gone", [(301, "/missing")], ""),
        ("to-secret", "moved", [(301, "/new")], "/new"),
        ("to-umlaut", "moved", [(301, "/%C3%BC%20b")], "/%C3%BC%20b"),
        ("to-front", "moved", [(301, "/")], ""),
    ],
)
def test_redirects_are_told_and_new_address_is_that_of_permanent_ones(server, check, path, verdict, hops, suggestion):
    found = check(f"{server.base}/{path}")
    assert found.verdict == verdict
    assert found.hops == tuple(Hop(status, server.base + place) for status, place in hops)
    assert found.suggestion == (server.base + suggestion if suggestion else "")


def test_new_address_leads_to_the_same_part_of_the_page(server, check):
    found = check(f"{server.base}/moved", f"{server.base}/moved#part")
    assert [o.suggestion for o in found.values()] == [f"{server.base}/new", f"{server.base}/new#part"]
    assert server.asked == [("HEAD", "/moved"), ("HEAD", "/new")]


@pytest.mark.parametrize("path", ["silent", "drip-header"])
def test_slow_answer_is_cut(server, check, path):
    found = check(f"{server.base}/{path}", seconds=0.3)
    assert (found.verdict, found.status, found.note) == (Verdict.TIMED_OUT, None, "no answer in 0.3 seconds")
    server.has_heard(2)  # on a busy machine it hears of a request after nobody waits for its answer any more
    assert [method for method, _ in server.asked] == ["HEAD", "GET"]


def test_silent_port_times_out_in_handshake(check):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = check(f"https://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.3)
    assert found.verdict is Verdict.TIMED_OUT


def test_body_stays_where_it_is(server, check):
    assert check(f"{server.base}/huge").verdict is Verdict.OK
    assert server.sent < 1_000_000


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ("", "has no scheme; does https:// stand before it?"),
        ("a.example/b", "has no scheme; does https:// stand before it?"),
        (" https://a.example/", "has blanks around it; take them away"),
        ("https://a.example/\n", "has blanks around it; take them away"),
        ("https://a.example/b c", "has a blank in it; an address writes it as %20"),
        ("https://a.example/b\u3000c", "has a blank in it; an address writes it as %20"),
        ("https://a.example/\x1b[31m", "has a character that no address has"),
        ("https://a.example\\@b.example/", "has a character that no address has"),
        ("https://", "names no host"),
        ("https:///b", "names no host"),
        ("http://[::1/", "has a host or port that cannot be"),
        ("https://a.example:99999/", "has a host or port that cannot be"),
        ("https://a.example:0/", "has the port 0"),
        ("https://a..example/", "has a host that cannot be: a part of its name is empty or too long"),
        (f"https://{'a' * 64}.example/", "has a host that cannot be: a part of its name is empty or too long"),
        ("https://*.example/ä", "has a host or port that cannot be"),
        ("https://a.example/" + "b" * 8000, "has 8,018 characters; servers take about 8,000"),
    ],
)
def test_invalid_address_is_not_asked(check, address, note):
    found = check(address)
    assert (found.verdict, found.note, found.asked) == (Verdict.INVALID, note, None)


@pytest.mark.parametrize("address", ["urn:isbn:9780000000000", "mailto:a@b.example", "ftp://a.example/b"])
def test_other_scheme_is_not_asked(check, address):
    found = check(address)
    assert (found.verdict, found.note[:15]) == (Verdict.NOT_ASKED, "is an address o")


def test_host_beyond_ascii_is_looked_up_as_dns_spells_it(check, monkeypatch):
    asked = []

    def look_up(host, *_, **__):
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    found = check("https://日本.example/")
    assert asked == ["xn--wgv71a.example"]
    assert (found.verdict, found.note) == (Verdict.UNREACHABLE, "there is no host xn--wgv71a.example")


def test_name_server_without_answer_is_asked_again(check, monkeypatch):
    asked = []

    def look_up(host, *_, **__):
        asked.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    found = check("https://a.example/")
    assert (found.verdict, found.note) == (Verdict.UNREACHABLE, "a.example could not be looked up")
    assert len(asked) == 3


def test_slow_name_server_is_not_waited_for(check, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2))
    found = check("https://a.example/", seconds=0.1)
    assert (found.verdict, found.note) == (Verdict.TIMED_OUT, "no answer to the question who a.example is")


def test_closed_port_is_unreachable(check):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = check(f"http://127.0.0.1:{port}/")
    assert (found.verdict, found.note) == (Verdict.UNREACHABLE, "no connection to 127.0.0.1: Connection refused")


def test_request_names_the_project_and_nobody(server, check, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    assert check(f"http://user:secret@127.0.0.1:{server.server_port}/page?q=1#part").verdict is Verdict.OK
    assert server.asked == [("HEAD", "/page?q=1")]
    kept = {key: value for key, value in server.headers[0].items() if key != "Host"}
    assert kept == {
        "User-Agent": f"shuttle-diplomacy/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"", "unreachable"),
        (b"\x00\xff" * 100, "server-error"),
        (b"HTTP/1.1 999999 x\r\n\r\n", "server-error"),
        (b"HTTP/1.1 200 OK\r\nno header\r\n: \x00\xff\r\n\r\n", "ok"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "server-error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "server-error"),
        (b'HTTP/1.1 200 OK\r\nSet-Cookie: "\xff=;;Domain=..;\r\n\r\n', "ok"),
        (b"HTTP/1.1 302 F\r\nLocation: //\r\n\r\n", "server-error"),
        (b"HTTP/1.1 302 F\r\nLocation: http://a.example:x/\r\n\r\n", "server-error"),
        (b"HTTP/1.1 302 F\r\nLocation: /" + b"a" * 9000 + b"\r\n\r\n", "server-error"),
        (b"HTTP/1.1 503 B\r\nRetry-After: Wed, 99 Foo 99999999 00:00:00\r\n\r\n", "server-error"),
    ],
)
def test_broken_answer_has_a_verdict(check, answer, verdict):
    over = threading.Event()

    def serve(listening):
        while not over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        try:
            found = check(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        finally:
            over.set()
            thread.join()
    assert found.verdict == verdict
    assert len(found.note) < 300


# Networks.


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "[::1]", "[::ffff:127.0.0.1]"),
        *("[::ffff:7f00:1]", "0.0.0.0", "[::]", "127.0.0.1."),
    ],
)
def test_loopback_in_any_spelling_is_refused(server, check, host):
    found = check(f"http://{host}:{server.server_port}/page", allow_private=False)
    assert found.verdict is Verdict.BLOCKED
    assert found.note.endswith(("loopback network address", "unspecified network address"))
    assert server.asked == []


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        *(("10.1.2.3", "private"), ("172.16.0.1", "private"), ("192.168.1.1", "private"), ("fd00::1", "private")),
        *(("169.254.169.254", "link-local"), ("fe80::1%1", "link-local"), ("fec0::1", "link-local")),
        *(("224.0.0.1", "multicast"), ("ff02::1", "multicast"), ("240.0.0.1", "reserved"), ("::7f00:1", "reserved")),
        *(("100.64.0.1", "not public"), ("255.255.255.255", "reserved"), ("192.0.2.1", "private")),
        *(("2002:7f00:1::", "loopback"), ("2001:0:0a00:1::", "private"), ("64:ff9b::a9fe:a9fe", "link-local")),
        *(("64:ff9b:1::1", "reserved"), ("::", "unspecified"), ("ff0e::1", "multicast")),
        *(("9.9.9.9", ""), ("2620:fe::fe", ""), ("::ffff:9.9.9.9", ""), ("64:ff9b::909:909", "")),
    ],
)
def test_network_of_an_address(address, kind):
    assert guard.network_of(address) == kind


@pytest.mark.parametrize("address", ["192.0.0.8", "192.88.99.1", "2002:909:909::", "3fff::1", "5f00::1"])
def test_special_address_is_not_public_in_any_python(address):
    assert guard.network_of(address) in {"private", "not public", "reserved"}


@pytest.fixture
def first_is_public(monkeypatch):
    """Take 127.0.0.1 for a public host, and it alone."""
    real = guard.network_of
    monkeypatch.setattr(guard, "network_of", lambda ip: "" if ip == "127.0.0.1" else real(ip))


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "169.254.169.254"])
def test_redirect_into_a_private_network_is_refused(server, check, first_is_public, host):
    found = check(f"{server.base}/to-host?{host}:{server.server_port}", allow_private=False)
    assert (found.verdict, [hop.status for hop in found.hops]) == (Verdict.BLOCKED, [302])
    assert found.note.startswith(f"leads to {host.strip('[]')}: a l")
    assert len(server.asked) == 1


def test_redirect_into_a_private_network_is_followed_where_that_is_allowed(server, check):
    with serving("127.0.0.2", server.server_port) as other:
        found = check(f"{server.base}/to-host?127.0.0.2:{server.server_port}")
    assert (found.verdict, other.asked) == (Verdict.OK, [("HEAD", "/new")])


def _answers(monkeypatch, *answers):
    """Let each look-up of a name give the next of some answers."""
    waiting = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, None)) for ip in ips] for ips in answers]

    def look_up(host, port, **_):
        return [(*found[:4], (found[4][0], port)) for found in waiting.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return waiting


def test_name_is_resolved_once_and_that_address_is_connected_to(server, check, first_is_public, monkeypatch):
    left = _answers(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    with serving("127.0.0.2", server.server_port) as other:
        found = check(f"http://a.example:{server.server_port}/page", allow_private=False)
    assert (found.verdict, len(left)) == (Verdict.OK, 1)
    assert (len(server.asked), server.headers[0]["Host"], other.asked) == (1, f"a.example:{server.server_port}", [])


def test_name_that_turns_private_on_the_second_request_is_refused(server, check, first_is_public, monkeypatch):
    _answers(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    with serving("127.0.0.2", server.server_port) as other:
        found = check(f"http://a.example:{server.server_port}/head-405", allow_private=False)
    note = "leads to a.example, which is 127.0.0.2: a loopback network address"
    assert (found.verdict, found.note, other.asked) == (Verdict.BLOCKED, note, [])


def test_name_with_one_private_address_is_refused_as_a_whole(server, check, first_is_public, monkeypatch):
    _answers(monkeypatch, ["127.0.0.1", "10.0.0.1"])
    found = check(f"http://a.example:{server.server_port}/page", allow_private=False)
    assert (found.verdict, server.asked) == (Verdict.BLOCKED, [])


def test_next_address_of_a_name_is_tried(server, check, monkeypatch):
    _answers(monkeypatch, ["127.0.0.3", "127.0.0.1"])
    assert check(f"http://a.example:{server.server_port}/page").verdict is Verdict.OK


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_ipv6_loopback_where_it_is_allowed(check):
    try:
        with serving("::1") as server:
            assert check(f"{server.base}/moved").suggestion == f"{server.base}/new"
    except OSError:
        pytest.skip("no IPv6 on loopback")


# Manners.


def test_each_host_has_its_turn_after_its_time():
    line = Schedule[str](Manners(host_seconds=10))
    for item in ("a1", "a2", "b1", "a3"):
        line.put(item[0], item)
    turns = []
    now = 0.0
    while line.waiting:
        while (item := line.next(now)) is not None:
            turns.append((now, item))
            line.done(item[0])
        now += line.wait(now) or 0
    assert turns == [(0, "a1"), (0, "b1"), (10, "a2"), (20, "a3")]


def test_host_with_enough_under_way_waits_for_an_end():
    line = Schedule[str](Manners(host_seconds=1, host_jobs=2))
    for item in ("a1", "a2", "a3"):
        line.put("a", item)
    assert [line.next(0), line.next(1), line.next(100), line.wait(100)] == ["a1", "a2", None, None]
    line.done("a")
    assert line.next(100) == "a3"


def test_item_that_waits_lets_others_of_its_host_pass():
    line = Schedule[str](Manners(host_seconds=1))
    line.put("a", "late", 50)
    line.put("a", "early")
    assert [line.next(0), line.next(49), line.wait(49), line.next(50)] == ["early", None, 1, "late"]


def test_what_was_begun_is_ended_first(server, check):
    paths = ["/chain?1", "/chain?2", "/chain?3"]
    check(*[server.base + path for path in paths], manners=Manners(jobs=1, host_seconds=0))
    asked = [path for _, path in server.asked]
    assert asked == [place for path in paths for place in (path, "/moved", "/new")]


def test_host_that_is_held_is_left_alone():
    line = Schedule[str](Manners(host_seconds=0))
    line.put("a", "a1")
    line.hold("a", 30)
    assert [line.next(29), line.next(30)] == [None, "a1"]


def test_host_that_asks_for_time_gets_it_for_all_its_pages(server, check):
    found = check(f"{server.base}/busy-a-second", *numbered(server, 3), manners=Manners(jobs=1, host_seconds=0.01))
    assert {o.verdict for o in found.values()} == {Verdict.OK}
    assert server.asked[0] == ("HEAD", "/busy-a-second")
    assert server.moments[1] - server.moments[0] >= 1


def test_no_more_at_once_than_allowed(server, check):
    server.delay = 0.02
    check(*numbered(server, 20), manners=Manners(jobs=3, host_seconds=0))
    assert 1 < server.most_at_once <= 3
    server.most_at_once = 0
    check(*[a + "?2" for a in numbered(server, 20)], manners=Manners(jobs=16, host_seconds=0.001, host_jobs=2))
    assert 1 < server.most_at_once <= 2


def test_addresses_of_all_kinds_side_by_side(server, check):
    paths = {"page": "ok", **KINDS}
    expected = {f"{server.base}/{path}?{n}": verdict for n in range(4) for path, verdict in paths.items()}
    found = check(*expected, seconds=2, manners=Manners(jobs=32, host_seconds=0))
    assert {address: outcome.verdict for address, outcome in found.items()} == expected

"""Downloads over bad lines, from bad servers, and with processes that are killed."""

import errno
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pooch
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.dataset.pinned import download, progress
from shuttle_diplomacy.errors import CacheError, ChecksumError, UnreadableError
from tests.dataset_package import ROOT
from tests.pinned.conftest import files
from tests.pinned.server import archive, cut, etag, plain, sha256, status, well

ZIP, SUMS = "/shuttle-diplomacy-1.2.0.zip", "/SHA256SUMS"
SIZE = 200_000
OPEN = "import shuttle_diplomacy as sd; print(sd.open_package(version='1.2.0').load('t').height)"


def opens() -> bool:
    return sd.open_package(version="1.2.0").load("t").height == 1


def ranges(server):
    """Return what was asked of the zip, request by request: from which byte on."""
    asked = zip(server.asked, server.headers, strict=True)
    return [headers.get("Range", "bytes=0-")[6:-1] for path, headers in asked if path == ZIP]


@pytest.fixture
def big(releases, bounds):
    releases.release("1.2.0", size=SIZE)
    bounds()
    return releases


def test_cut_connection_is_gone_on_with(big):
    big.behave(ZIP, cut(40_000), cut(50_000), well)
    assert opens()
    assert ranges(big) == ["0", "40000", "90000"]
    assert big.headers[-1]["If-Range"] == etag(big.files[ZIP])


def test_date_of_the_last_change_is_enough_to_go_on(big):
    def dated(request):
        date = "Tue, 13 Jan 2026 00:00:00 GMT"
        body, asked = request.body, request.headers.get("Range", "bytes=0-")[6:-1]
        if request.headers.get("If-Range") == date:
            rest = f"bytes {asked}-{len(body) - 1}/{len(body)}"
            request.answer(206, body[int(asked) :], Last_Modified=date, Content_Range=rest)
            return
        request.head(200, Content_Length=len(body), Last_Modified=date, ETag='W/"weak"')
        request.wfile.write(body[:40_000])
        request.close_connection = True

    big.behave(ZIP, dated)
    assert opens()
    assert ranges(big) == ["0", "40000"]


def test_cut_connection_without_ranges_begins_again(big):
    big.behave(ZIP, cut(40_000, ranges=False), cut(90_000, ranges=False), plain)
    assert opens()
    assert ranges(big) == ["0", "0", "0"]


def test_what_has_come_is_kept_for_the_next_time(big, root):
    big.behave(ZIP, cut(40_000), cut(0))
    message = "cannot be downloaded: .*cut.*; 40.0 kB of it are kept, the next try goes on from there"
    with pytest.raises(UnreadableError, match=message):
        sd.open_package(version="1.2.0")
    assert files(root) == ["about.json", "package.zip.part", "package.zip.part.json"]
    asked = len(ranges(big))
    big.behave(ZIP, well)
    assert opens()
    assert ranges(big)[asked:] == ["40000"]
    assert files(root) == ["about.json", "package.zip"]


def test_server_that_never_gets_further_is_given_up(big):
    big.behave(ZIP, cut(40_000, ranges=False))
    with pytest.raises(UnreadableError, match="cannot be downloaded: .*; try again later"):
        sd.open_package(version="1.2.0")
    assert len(ranges(big)) == 4


def test_small_steps_are_no_progress(big):
    big.behave(ZIP, cut(100))
    with pytest.raises(UnreadableError, match="400 B of it are kept"):
        sd.open_package(version="1.2.0")


def test_file_that_changed_meanwhile_begins_again(big):
    right, other = big.files[ZIP], archive("1.2.0", size=SIZE + 6400)
    big.files[ZIP] = other

    def changes(request):
        cut(40_000)(request)
        big.files[ZIP] = right

    big.behave(ZIP, changes, well)
    assert opens()
    assert ranges(big) == ["0", "40000"]


def rest_of(body, *, tag=None, start=None, said=None, total=None):
    """Answer with the rest of a body whatever state was asked for."""

    def behave(request):
        asked = int(request.headers["Range"][6:-1]) if "Range" in request.headers else 0
        first = asked if start is None else start
        headers = {"ETag": tag} if tag else {}
        stated = said or f"bytes {first}-{len(body) - 1}/{total or len(body)}"
        request.answer(206, body[first:], Content_Range=stated, **headers)

    return behave


@pytest.mark.parametrize(
    "odd",
    [
        {},  # the rest of another file, found by the checksum
        {"tag": '"other"'},
        {"start": 30_000},
        {"said": "bytes 40000-50000"},
        {"said": "bytes " + "9" * 5000 + "-1/1"},
        {"total": 10**6},
    ],
    ids=["silent", "other-tag", "other-start", "no-total", "long-number", "other-total"],
)
def test_rest_that_does_not_fit_is_thrown_away(big, odd):
    other = bytes(len(big.files[ZIP]))
    passed = [status(416)] if "total" in odd else []
    big.behave(ZIP, cut(40_000), rest_of(other, **odd), *passed, well)
    assert opens()
    assert ranges(big)[:2] == ["0", "40000"]
    assert ranges(big)[-1] == "0"


def test_rest_without_being_asked_for_is_not_taken(big):
    big.behave(ZIP, rest_of(big.files[ZIP]), well)
    assert opens()
    assert len(ranges(big)) == 2


def test_range_that_is_not_satisfiable_begins_again(big):
    big.behave(ZIP, cut(40_000), status(416), well)
    assert opens()
    assert ranges(big) == ["0", "40000", "0"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"key": 3}', "\x00"])
def test_state_that_cannot_be_read_begins_again(big, root, text):
    folder = root / "releases" / sha256(big.files[ZIP])
    folder.mkdir(parents=True)
    (folder / "package.zip.part").write_bytes(b"x" * 1000)
    (folder / "package.zip.part.json").write_text(text, encoding="utf-8")
    assert opens()
    assert ranges(big) == ["0"]


def test_part_that_was_damaged_begins_again_once(big, root):
    folder = root / "releases" / sha256(big.files[ZIP])
    big.behave(ZIP, cut(40_000), cut(0))
    with pytest.raises(UnreadableError):
        sd.open_package(version="1.2.0")
    (folder / "package.zip.part").write_bytes(b"x" * 40_000)
    big.behave(ZIP, well)
    before = len(ranges(big))
    assert opens()
    assert ranges(big)[before:] == ["40000", "0"]


def test_wrong_bytes_are_asked_for_once_only(big, root):
    big.files[ZIP] = archive("1.2.0", size=SIZE + 640)
    with pytest.raises(ChecksumError, match=r"is not what it has to be: .* nothing was kept"):
        sd.open_package(version="1.2.0")
    assert ranges(big) == ["0"]
    assert files(root) == ["about.json"]


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_trouble_that_passes_is_waited_for(big, code):
    big.behave(ZIP, status(code), status(code), well)
    assert opens()


def test_trouble_that_stays_is_said(big):
    big.behave(ZIP, status(500))
    with pytest.raises(UnreadableError, match="cannot be downloaded: it answers with status 500; try again later"):
        sd.open_package(version="1.2.0")
    assert len(ranges(big)) == 4


@pytest.mark.parametrize("code", [204, 304, 400, 418])
def test_other_answers_are_final(big, code):
    big.behave(ZIP, status(code))
    with pytest.raises(UnreadableError, match=f"1.2.0.zip answers with status {code}"):
        sd.open_package(version="1.2.0")
    assert len(ranges(big)) == 1


def claims(size):
    return lambda request: request.head(200, Content_Length=size)


def endless(request):
    request.head(200, Connection="close")
    while True:
        request.wfile.write(b"x" * 10_000)


@pytest.mark.parametrize("behaviour", [claims(10**15), endless], ids=["claimed", "endless"])
def test_huge_file_is_refused(releases, bounds, root, behaviour):
    releases.release("1.2.0")
    bounds(max_bytes=100_000)
    releases.behave(ZIP, behaviour)
    with pytest.raises(UnreadableError, match="is larger than the limit of 100.0 kB; download it by other means"):
        sd.open_package(version="1.2.0")
    assert files(root) == ["about.json"]
    assert len(ranges(releases)) == 1


def test_length_that_is_no_number(big):
    def odd(request):
        request.head(200, Content_Length="many", Connection="close")
        request.wfile.write(request.body)
        request.close_connection = True

    big.behave(ZIP, odd)
    assert opens()


def dripping(request):
    request.head(200, Content_Length=len(request.body))
    for byte in request.body:
        request.wfile.write(bytes([byte]))
        if request.server.over.wait(0.05):
            break


def dripping_header(request):
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not request.server.over.wait(0.05):
        request.wfile.write(b"x")


def silent(request):
    request.server.over.wait(20)


def silent_after_a_while(request):
    request.head(200, Content_Length=len(request.body), ETag=etag(request.body))
    request.wfile.write(request.body[:30_000])
    request.server.over.wait(20)


@pytest.mark.parametrize("behaviour", [dripping, dripping_header, silent, silent_after_a_while])
def test_silence_ends_a_download(releases, bounds, behaviour):
    releases.release("1.2.0", size=SIZE)
    bounds(quiet_seconds=0.4, attempts=1)
    releases.behave(ZIP, behaviour)
    message = "cannot be downloaded: (nothing came for 0.4 seconds|no answer in time|the connection was cut)"
    with pytest.raises(UnreadableError, match=message):
        sd.open_package(version="1.2.0")


def test_slow_download_has_all_the_time_it_needs(releases, bounds):
    releases.release("1.2.0", size=SIZE)
    bounds(quiet_seconds=0.5, attempts=1)

    def slow(request):
        request.head(200, Content_Length=len(request.body))
        for start in range(0, len(request.body), 20_000):
            request.wfile.write(request.body[start : start + 20_000])
            request.wfile.flush()
            time.sleep(0.1)

    releases.behave(ZIP, slow)
    assert opens()


def test_full_disk_leaves_nothing(big, root, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(download, "_write_all", full)
        with pytest.raises(CacheError, match="the cache .* cannot be used: No space left on device; free some space"):
            sd.open_package(version="1.2.0")
    assert files(root) == ["about.json"]
    assert opens()


def test_password_of_a_redirected_download_stays_at_home(big):
    with_secret = big.address(secret=True)
    assert sd.open_package(version="1.2.0", base_url=with_secret)
    assert all("Authorization" in headers for headers in big.headers)


def start(root, server):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SHUTTLE_CACHE": str(root)}
    environment["SHUTTLE_BASE_URL"] = server.base
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", OPEN], env=environment, stdout=pipe, stderr=pipe, text=True)


def has_come(root, size):
    """Wait until so much has come; a machine that never gets there is what the limit is for."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if any(p.stat().st_size >= size for p in (root / "releases").glob("*/*.part")):
            return
        time.sleep(0.01)
    raise AssertionError("nothing came")


def held(after):
    """Send so many bytes, then nothing until the server ends."""

    def behave(request):
        request.head(200, Content_Length=len(request.body), ETag=etag(request.body))
        request.wfile.write(request.body[:after])
        request.server.over.wait(60)

    return behave


def test_killed_download_leaves_no_half_file_and_is_gone_on_with(big, root):
    big.behave(ZIP, held(81_920), well)
    with start(root, big) as process:
        has_come(root, 65_536)
        process.send_signal(signal.SIGKILL)
    assert "package.zip" not in files(root)
    assert opens()
    assert int(ranges(big)[-1]) >= 65_536


def test_killed_at_any_moment_the_cache_is_sound(big, root):
    def slowly(request):
        asked = request.headers.get("Range")
        begin = int(asked[6:-1]) if asked else 0
        body = request.body
        kept = {"Content_Range": f"bytes {begin}-{len(body) - 1}/{len(body)}"} if begin else {}
        request.head(206 if begin else 200, Content_Length=len(body) - begin, ETag=etag(body), **kept)
        for place in range(begin, len(body), 8000):
            request.wfile.write(body[place : place + 8000])
            time.sleep(0.005)

    big.behave(ZIP, slowly)
    right = sha256(big.files[ZIP])
    for turn in range(6):
        with start(root, big) as process:
            until = time.monotonic() + 60
            while len(big.asked) < 2 * turn + 1 and process.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(0.03 * turn)
            process.kill()
        for file in root.glob("releases/*/package.zip"):
            assert sha256(file.read_bytes()) == right
        for file in root.glob("addresses/*.json"):
            assert json.loads(file.read_text(encoding="utf-8"))["sha256"] == right
    assert opens()
    assert files(root) == ["about.json", "package.zip"]


def test_two_processes_at_once_fetch_it_once(big, root):
    free = threading.Event()

    def waits(request):
        free.wait(60)
        well(request)

    big.behave(ZIP, waits)
    with start(root, big) as one, start(root, big) as other:
        until = time.monotonic() + 60
        while big.asked.count(SUMS) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        free.set()
        assert [p.communicate()[0] for p in (one, other)] == ["1\n", "1\n"]
    assert len(ranges(big)) == 1


def test_whoever_waits_takes_over_from_a_killed_process(big, root):
    big.behave(ZIP, held(81_920), well)
    with start(root, big) as first:
        has_come(root, 65_536)
        with start(root, big) as second:
            until = time.monotonic() + 60
            while big.asked.count(SUMS) < 2 and time.monotonic() < until:
                time.sleep(0.01)
            first.kill()
            assert second.communicate()[0] == "1\n"
    assert int(ranges(big)[-1]) >= 65_536


def test_threads_of_one_process_fetch_it_once(big):
    found = []
    threads = [threading.Thread(target=lambda: found.append(opens())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4
    assert len(ranges(big)) == 1


def test_nothing_is_said_where_nobody_looks(big, capfd):
    assert opens()
    assert "".join(capfd.readouterr()) == ""


def test_pooch_of_others_is_not_silenced(big):
    heard = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())
    pooch.get_logger().addHandler(handler)
    try:
        big.behave(ZIP, lambda request: (pooch.get_logger().info("of others"), well(request)))
        assert opens()
        pooch.get_logger().info("afterwards")
    finally:
        pooch.get_logger().removeHandler(handler)
    assert heard == ["of others", "afterwards"]


class ZMQInteractiveShell:
    pass


@pytest.mark.parametrize("place", ["terminal", "notebook"])
def test_progress_is_shown_where_somebody_looks(big, capsys, monkeypatch, place):
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    monkeypatch.setattr(progress, "_PAUSE", 0)
    if place == "terminal":
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    else:
        module = type(sys)("IPython")
        module.get_ipython = ZMQInteractiveShell
        monkeypatch.setitem(sys.modules, "IPython", module)
    big.behave(ZIP, cut(100_000), well)
    assert opens()
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search(r"\rshuttle-diplomacy-1.2.0.zip \[#{9,}\.+\]  \d\d % [\d.]+ kB of 200.5 kB, [\d.]+ MB/s", said.err)
    assert "; trying again" in said.err
    assert said.err.endswith(" \r")


def test_progress_ends_with_its_stream(big, monkeypatch):
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    monkeypatch.setattr(progress, "is_watched", lambda: True)
    monkeypatch.setattr(sys, "stderr", open(os.devnull, encoding="utf-8"))  # noqa: SIM115, PTH123
    assert opens()
    sys.stderr.close()

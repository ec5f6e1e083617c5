"""What is remembered between runs, and for how long."""

import sqlite3
from pathlib import Path

import pytest

from shuttle_diplomacy.errors import TargetError
from shuttle_diplomacy.review.links import store as keeping
from shuttle_diplomacy.review.links.checking import Checker, Plan
from shuttle_diplomacy.review.links.schedule import Manners
from shuttle_diplomacy.review.links.store import DAY, Store, default_file
from shuttle_diplomacy.review.links.verdicts import Hop, Outcome, Verdict
from tests.link_server import numbered

URL = "https://a.example/"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "deep" / "links.sqlite"


def test_result_is_there_for_the_next_run_as_it_was(file):
    outcome = Outcome(
        Verdict.MOVED, "a note", 200, (Hop(301, "http://b.example/日本"),), "http://b.example/", asked=5.0
    )
    with Store(file) as store:
        store.put(URL, outcome)
    with Store(file) as store:
        kept = store.get(URL, None)
    assert (kept.known, kept.asked) == (True, 5.0)
    assert (kept.verdict, kept.note, kept.status, kept.hops, kept.suggestion) == (
        *(outcome.verdict, outcome.note, outcome.status, outcome.hops, outcome.suggestion),
    )


@pytest.mark.parametrize(
    ("verdict", "age", "days", "known"),
    [
        ("ok", 6.9, 7, True),
        ("ok", 7.1, 7, False),
        ("gone", 6.9, 7, True),
        ("moved", 6.9, 7, True),
        ("timed-out", 0.9, 7, True),
        ("timed-out", 1.1, 7, False),
        ("refused", 1.1, 7, False),
        ("unreachable", 1.1, None, True),
        ("ok", 0, 0, False),
        ("ok", 0.2, 0.1, False),
        ("ok", -1, 7, False),
    ],
)
def test_result_counts_for_so_many_days(file, verdict, age, days, known):
    with Store(file, clock=lambda: 100 * DAY) as store:
        store.put(URL, Outcome(Verdict(verdict), asked=(100 - age) * DAY))
        assert (store.get(URL, days) is not None) == known


def test_newer_result_takes_the_place_of_the_older(file):
    with Store(file) as store:
        store.put(URL, Outcome(Verdict.GONE, asked=1.0))
        store.put(URL, Outcome(Verdict.OK, asked=2.0))
        assert store.get(URL, None).verdict is Verdict.OK


def test_what_was_learned_of_private_networks_is_kept_apart(file):
    with Store(file, private=True) as store:
        store.put(URL, Outcome(Verdict.OK, asked=1.0))
    with Store(file) as store:
        assert store.get(URL, None) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"verdict": "fine", "hops": []}', '{"verdict": "ok", "hops": [1]}'])
def test_result_of_another_version_is_asked_again(file, text):
    with Store(file) as store:
        store.put(URL, Outcome(Verdict.OK, asked=1.0))
    base = sqlite3.connect(file)
    with base:
        base.execute("UPDATE results SET outcome = ?", (text,))
    base.close()
    with Store(file) as store:
        assert store.get(URL, None) is None


def test_two_runs_share_a_file(file):
    with Store(file) as one, Store(file) as other:
        one.put(URL, Outcome(Verdict.OK, asked=1.0))
        other.put(URL + "b", Outcome(Verdict.GONE, asked=1.0))
        assert (other.get(URL, None).verdict, one.get(URL + "b", None).verdict) == ("ok", "gone")


def test_file_of_something_else_is_left_alone(tmp_path):
    text = tmp_path / "sources.csv"
    text.write_text("source_id,url\n" * 100)
    with pytest.raises(
        TargetError, match="sources.csv cannot be used to keep results: file is not a database; name ano"
    ):
        Store(text)
    assert text.read_text() == "source_id,url\n" * 100


def test_database_of_something_else_is_left_alone(tmp_path):
    base = sqlite3.connect(tmp_path / "other.sqlite")
    with base:
        base.execute("CREATE TABLE results (a)")
    base.close()
    before = (tmp_path / "other.sqlite").read_bytes()
    with pytest.raises(TargetError, match="other.sqlite is a database of something else; name another file"):
        Store(tmp_path / "other.sqlite")
    assert (tmp_path / "other.sqlite").read_bytes() == before


def test_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        TargetError, match="file/links.sqlite cannot be used to keep results: (Not a directory|File exists)"
    ):
        Store(tmp_path / "file" / "links.sqlite")


def test_damaged_file_is_one_sentence(file):
    with Store(file) as store:
        for number in range(200):
            store.put(f"{URL}{number}", Outcome(Verdict.OK, "x" * 100, asked=1.0))
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    message = "links.sqlite cannot be (read|used to keep results): .*; (remove it or )?name another file"
    with pytest.raises(TargetError, match=message), Store(file) as store:
        store.get(f"{URL}7", None)


@pytest.mark.parametrize(
    ("platform", "variables", "place"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/me/.cache"),
        ("linux", {}, "/home/me/.cache"),
        ("darwin", {}, "/home/me/Library/Caches"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local"),
    ],
)
def test_place_for_results_is_that_of_the_system(monkeypatch, platform, variables, place):
    monkeypatch.setattr(keeping.sys, "platform", platform)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **variables}.items():
        monkeypatch.setenv(name, value)
    assert default_file() == Path(place) / "shuttle-diplomacy" / "links.sqlite"


# A run and what it remembers.


def _check(file, addresses, **plan):
    with Store(file, private=True) as store:
        plan = Plan(5, allow_private=True, manners=Manners(host_seconds=0), **plan)
        return {a: (o.verdict.value, o.known) for a, o in Checker(store, plan).check(addresses).items()}


def test_what_is_known_is_not_asked(server, file):
    addresses = [*numbered(server, 3), f"{server.base}/missing"]
    assert set(_check(file, addresses[1:]).values()) == {("ok", False), ("gone", False)}
    server.asked.clear()
    found = _check(file, addresses)
    assert list(found.values()) == [("ok", True), ("ok", True), ("gone", True), ("ok", False)]
    assert server.asked == [("HEAD", "/page-0")]


def test_all_are_asked_where_no_age_will_do(server, file):
    _check(file, numbered(server, 2))
    _check(file, numbered(server, 2), max_age=0)
    assert len(server.asked) == 4


def test_offline_asks_nothing(server, file):
    addresses = numbered(server, 2)
    _check(file, addresses[:1])
    server.asked.clear()
    assert list(_check(file, addresses, offline=True, max_age=0).values()) == [("ok", True), ("not-asked", False)]
    assert server.asked == []


def test_limit_is_what_is_asked_and_the_next_run_goes_on(server, file):
    addresses = numbered(server, 5)
    for asked in (2, 4, 5):
        found = _check(file, addresses, limit=2)
        assert sum(verdict == "ok" for verdict, _ in found.values()) == asked
        assert len(server.asked) == asked


def test_no_password_is_kept(server, file):
    _check(file, [f"http://user:secret@127.0.0.1:{server.server_port}/to-secret"])
    assert b"secret@" not in file.read_bytes()
    assert b"/to-secret" in file.read_bytes()

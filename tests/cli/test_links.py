"""``shuttle links``: which cells are asked, what is printed and written, exit codes, resuming."""

import contextlib
import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.link_server import numbered

URI = [{"name": "id", "type": "string"}, {"name": "url", "type": "string", "format": "uri"}]
COPIED = [{"name": "id", "type": "string"}, {"name": "url", "type": "string"}, {"name": "copy", "type": "string"}]


@pytest.fixture
def links(run, folder, tmp_path):
    def call(*arguments):
        more = ["--cache", tmp_path / "links.sqlite", "--allow-private", "--per-host", "0", "--timeout", "5"]
        return run("links", folder.root, *more, *arguments)

    return call


def _table(folder, *addresses, name="t"):
    rows = "".join(f'r{n},"{address}"\n' for n, address in enumerate(addresses))
    return folder.table(name, "id,url\n" + rows, URI, primaryKey="id")


def _found(out):
    return {link["address"]: link for link in json.loads(out)["links"]}


def test_all_open(links, folder, server):
    _table(folder, *numbered(server, 2), "")
    assert links() == (0, "links open  tiny: 2 addresses: 2 ok\n", "")
    assert links() == (0, "links open  tiny: 2 addresses (2 known from earlier runs): 2 ok\n", "")


def test_text_tells_what_fails_where_and_what_to_write_instead(links, folder, server):
    base = server.base
    _table(folder, f"{base}/missing", f"{base}/page", f"{base}/chain", f"{base}/missing", "no address")
    code, out, err = links()
    assert (code, err) == (1, "")
    assert out.replace(base, "BASE") == (
        "gone: 1 address (the server says that there is no such page (404, 410))\n"
        "  BASE/missing\n"
        "      answers with status 404\n"
        "      t.csv:2:4 row r0, t.csv:5:4 row r3\n"
        "\n"
        "invalid: 1 address (is no address)\n"
        "  no address\n"
        "      has a blank in it; an address writes it as %20\n"
        "      t.csv:6:4 row r4\n"
        "\n"
        "moved: 1 address (redirects for good; the new address is suggested)\n"
        "  BASE/chain\n"
        "      redirects: 301 BASE/moved -> 301 BASE/new\n"
        "      new address: BASE/new\n"
        "      t.csv:4:4 row r2\n"
        "\n"
        "links fail  tiny: 4 addresses: 1 gone, 1 invalid, 1 moved, 1 ok\n"
    )


@pytest.mark.parametrize(
    ("path", "code"),
    [
        *(("page", 0), ("moved", 0), ("for-now", 0), ("forbidden", 0), ("missing", 1)),
        *(("failing", 1), ("cut", 1), ("itself", 1)),
    ],
)
def test_exit_code(links, folder, server, path, code):
    _table(folder, f"{server.base}/{path}")
    assert links()[0] == code


def test_private_networks_are_blocked_unless_allowed(run, folder, server, tmp_path):
    _table(folder, f"{server.base}/page")
    code, out, _ = run("links", folder.root, "--cache", tmp_path / "c", "--format", "json")
    found = _found(out)[f"{server.base}/page"]
    assert (code, found["verdict"], server.asked) == (1, "blocked", [])
    assert found["note"] == "leads to 127.0.0.1: a loopback network address"
    code, out, _ = run("links", folder.root, "--cache", tmp_path / "c", "--format", "json", "--allow-private")
    assert (code, _found(out)[f"{server.base}/page"]["verdict"]) == (0, "ok")


def test_json_tells_everything(links, folder, server):
    _table(folder, f"{server.base}/moved#p", f"{server.base}/page")
    code, out, _ = links("--format", "json")
    value = json.loads(out)
    assert (code, value["package"], value["addresses"], value["failures"], value["known"]) == (0, "tiny", 2, 0, 0)
    assert {verdict: n for verdict, n in value["counts"].items() if n} == {"moved": 1, "ok": 1}
    moved = value["links"][0]
    assert moved.pop("asked").endswith("+00:00")
    assert moved == {
        "address": f"{server.base}/moved#p",
        "verdict": "moved",
        "failure": False,
        "status": 200,
        "note": "",
        "redirects": [{"status": 301, "url": f"{server.base}/new"}],
        "suggestion": f"{server.base}/new#p",
        "known": False,
        "archived": None,
        "uses": [{"table": "t", "row": 2, "key": "r0", "field": "url", "path": "t.csv", "line": 2, "column": 4}],
    }
    assert value["links"][1]["uses"] == [{"table": "t", "row": 3, "key": "r1", "field": "url"}]


def test_files_beside_what_is_printed(links, folder, server, tmp_path):
    _table(folder, f"{server.base}/missing")
    names = [tmp_path / "r.json", tmp_path / "r.md", f"text={tmp_path / 'r.log'}"]
    code, out, _ = links(*[x for name in names for x in ("--output", name)])
    assert (code, out) == (1, (tmp_path / "r.log").read_text())
    assert json.loads((tmp_path / "r.json").read_text())["failures"] == 1
    assert (tmp_path / "r.md").read_text().startswith("### ❌ links fail: <code>tiny</code>\n")


def test_form_that_is_not_known_is_refused_before_anything_is_asked(links, folder, server, tmp_path):
    _table(folder, f"{server.base}/page")
    code, _, err = links("--output", tmp_path / "r.sarif")
    assert (code, server.asked) == (2, [])
    assert "the ending says no format; use .json, .md, .txt, or name it" in err


HOSTILE = [
    "::error::x",
    "##[group]x",
    "https://a.example/<img src=x>|@who `b` [c](http://d)",
    "\x1b[31mred",
    "javascript:alert(1)",
    "</code></details>",
]


def test_hostile_cells_stay_text(links, folder, server, tmp_path):
    _table(folder, *HOSTILE, f"{server.base}/missing?a|b<i>@who")
    code, out, _ = links("--output", tmp_path / "r.md", "--output", tmp_path / "r.json")
    assert code == 1
    assert not any(line.lstrip().startswith(("::", "##[")) for line in out.splitlines())
    assert "\x1b" not in out
    markdown = (tmp_path / "r.md").read_text()
    assert not any(text in markdown for text in ("<img", "@who", "`b`", "](", "</code></", "\x1b", "<i>"))
    assert markdown.count("<details>") == markdown.count("</details>") == 2
    assert {len(line.split(" | ")) for line in markdown.splitlines() if line.startswith("| <code>")} == {4}
    assert set(HOSTILE) < set(_found((tmp_path / "r.json").read_text()))


def test_markdown_fits_into_an_issue(links, folder, tmp_path):
    _table(folder, *[f"no address {n} " + "x" * 300 for n in range(1000)])
    links("--output", tmp_path / "r.md")
    markdown = (tmp_path / "r.md").read_text()
    assert len(markdown) < 65_536
    listed = sum(line.startswith("| <code>") for line in markdown.splitlines())
    assert 50 < listed < 1000
    assert f"... and {1000 - listed} more; `--output links.json` lists all." in markdown


def test_text_lists_some_and_counts_the_rest(links, folder):
    _table(folder, *[f"no address {n}" for n in range(60)])
    _, out, _ = links()
    assert out.count("\n  no address") == 50
    assert "  ... and 10 more; --output links.json lists all\n" in out


def test_no_password_is_shown(links, folder, server, tmp_path):
    host = server.base.removeprefix("http://")
    _table(folder, f"http://user:secret@{host}/missing", f"http://user:secret@{host}/to-secret")
    code, out, err = links("--output", tmp_path / "r.md", "--output", tmp_path / "r.json")
    assert code == 1
    shown = out + err + (tmp_path / "r.md").read_text() + (tmp_path / "r.json").read_text()
    assert "secret@" not in shown
    assert f"{server.base}/missing" in shown
    assert not any("Authorization" in headers for headers in server.headers)


# Which cells are addresses.


@pytest.fixture
def declared(folder):
    """Declare which cells are addresses, in the repository around the package."""

    def write(links):
        (folder.root.parent / "shuttle.toml").write_text(f"package = 'package'\nlinks = {links}\n")

    return write


def test_copy_is_suggested_where_the_table_has_one_and_it_is_needed(links, folder, server, declared):
    base = server.base
    rows = [("missing", "copy-1"), ("page", "copy-2"), ("failing", "removed"), ("forbidden", "copy-3"), ("removed", "")]
    text = "".join(f"{n},{base}/{page},{f'{base}/{copy}' * bool(copy)}\n" for n, (page, copy) in enumerate(rows))
    folder.table("t", "id,url,copy\n" + text, COPIED, primaryKey="id")
    declared('{ table = "t", field = "url", archived = "copy" }')
    code, out, _ = links()
    assert code == 1
    assert [line.strip() for line in out.splitlines() if "archived copy" in line] == [
        f"archived copy: {base}/copy-1",
        f"archived copy (gone, too): {base}/removed",
        f"archived copy: {base}/copy-3",
    ]
    assert ("HEAD", "/copy-2") not in server.asked
    found = _found(links("--format", "json")[1])
    assert found[f"{base}/failing"]["archived"]["verdict"] == "gone"
    assert found[f"{base}/page"]["archived"] == {"address": f"{base}/copy-2"}


def test_declared_cells_take_the_place_of_those_of_format_uri(links, folder, server, declared):
    _table(folder, f"{server.base}/a", name="t")
    _table(folder, f"{server.base}/b", name="u")
    assert links()[1] == "links open  tiny: 2 addresses: 2 ok\n"
    declared('{ table = "u", field = "url" }')
    assert links()[1] == "links open  tiny: 1 address (1 known from earlier runs): 1 ok\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{ table = "t" }', "links in [tool.shuttle] does not name its field; its keys are: table, field, archived"),
        (
            '{ table = "t", field = "url", copy = "c" }',
            "links in [tool.shuttle] has an unknown key 'copy'; its keys are",
        ),
        ('{ table = "u", field = "url" }', "links in [tool.shuttle]: there is no table 'u'"),
        ('{ table = "t", field = "uri" }', "links in [tool.shuttle]: there is no field 'uri'; did you mean 'url'?"),
        ('{ table = "t", field = "url", archived = "c" }', "links in [tool.shuttle]: there is no field 'c'"),
        ('{ table = "t", field = { a = "url" } }', "links in [tool.shuttle]: each value has to be one text"),
        ("5", "'links' in [tool.shuttle] has to be a dict"),
    ],
)
def test_declaration_that_fits_nothing_is_one_sentence(links, folder, declared, text, message):
    _table(folder, "https://a.example/")
    declared(text)
    code, out, err = links()
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_package_without_addresses_says_so(links, sound):
    code, out, _ = links()
    assert code == 0
    assert out == (
        "note: no field has the format uri, and no [tool.shuttle] names a table and field in links\n"
        "links open  tiny: 0 addresses\n"
    )


def test_rows_that_cannot_be_read_are_told(links, folder, server):
    folder.table("t", f"id,url\na,{server.base}/page\nb\nc,{server.base}/page-2\n", URI)
    assert links()[1] == (
        "note: not every row of t can be read; shuttle validate says why\nlinks open  tiny: 2 addresses: 2 ok\n"
    )


def test_missing_value_is_no_address(links, folder, server):
    _table(folder, "n/a", f"{server.base}/page")
    folder.descriptor["resources"][0]["schema"]["missingValues"] = ["", "n/a"]
    folder.write()
    assert links()[1] == "links open  tiny: 1 address: 1 ok\n"


def test_own_dataset_declares_its_sources(run, tmp_path):
    code, out, err = run("links", "datapackage", "--offline", "--cache", tmp_path / "c")
    assert (code, err) == (0, "")
    assert out.startswith("links open  shuttle-diplomacy: ")
    assert out.endswith(" not-asked\n")
    assert int(out.split()[3].replace(",", "")) > 1000


# Arguments.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--jobs", "0"], "has to be from 1 to 256"),
        (["--per-host", "-1"], "has to be from 0 to 1,000,000"),
        (["--timeout", "0"], "has to be more than 0"),
        (["--timeout", "nan"], "has to be from 0 to 1,000,000"),
        (["--max-age", "soon"], "invalid _number value: 'soon'"),
        (["--limit", "-1"], "has to be 0 or more"),
    ],
)
def test_argument_that_cannot_be(links, folder, arguments, message):
    _table(folder, "https://a.example/")
    code, _, err = links(*arguments)
    assert code == 2
    assert message in err


def test_cache_that_is_something_else_is_left_alone(links, folder):
    _table(folder, "https://a.example/")
    before = (folder.root / "t.csv").read_bytes()
    code, _, err = links("--cache", folder.root / "t.csv")
    assert code == 2
    assert "t.csv cannot be used to keep results: file is not a database; name another file" in err
    assert (folder.root / "t.csv").read_bytes() == before


def test_progress_on_a_terminal(folder, server, tmp_path):
    _table(folder, *numbered(server, 7))
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "links", str(folder.root), "--allow-private"]
    command += ["--cache", str(tmp_path / "links.sqlite"), "--per-host", "0"]
    master, slave = pty.openpty()
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=slave, text=True, env={**os.environ, "TERM": "xterm"}
    )
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):  # the terminal is gone when the child is
        while piece := os.read(master, 65536):
            shown += piece
    os.close(master)
    out, _ = child.communicate()
    assert out == "links open  tiny: 7 addresses: 7 ok\n"
    assert b"Asking" in shown
    assert b"7/7" in shown


# Ending in the middle.


def _start(folder, tmp_path, *arguments):
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "links", str(folder.root), "--allow-private"]
    command += ["--cache", str(tmp_path / "links.sqlite"), "--per-host", "0", "--jobs", "4", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _when_asked(server, count):
    for _ in range(3000):
        if len(server.asked) >= count:
            return
        time.sleep(0.01)
    pytest.fail("nothing was asked")


def _known(tmp_path):
    base = sqlite3.connect(tmp_path / "links.sqlite")
    try:
        return {url for (url,) in base.execute("SELECT url FROM results")}
    finally:
        base.close()


def test_killed_run_is_resumed_and_nothing_that_is_known_is_asked_again(links, folder, server, tmp_path):
    verdicts = {"page": "ok", "moved": "moved", "missing": "gone", "forbidden": "refused", "head-405": "ok"}
    expected = {f"{server.base}/{path}?{n}": verdict for n in range(16) for path, verdict in verdicts.items()}
    _table(folder, *expected)
    server.delay = 0.02
    child = _start(folder, tmp_path)
    _when_asked(server, 60)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    known = _known(tmp_path)
    assert 10 < len(known) < len(expected)
    before = {path for _, path in server.asked}
    server.delay = 0
    time.sleep(0.1)  # for what was on its way
    server.asked.clear()
    _, out, _ = links("--format", "json")
    assert {address: link["verdict"] for address, link in _found(out).items()} == expected
    after = {path for _, path in server.asked}
    assert not {url.removeprefix(server.base) for url in known} & after
    assert len({path for path in before & after if path != "/new"}) <= 4  # those under way, one a job
    assert {address for address, link in _found(out).items() if link["known"]} == known


def test_interrupted_run_ends_at_once_and_says_how_to_go_on(folder, server, tmp_path):
    _table(folder, *numbered(server, 3), *[f"{server.base}/silent?{n}" for n in range(4)])
    child = _start(folder, tmp_path, "--timeout", "1000")
    _when_asked(server, 7)
    while _known(tmp_path) != set(numbered(server, 3)):
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=15)  # the server is silent for longer
    assert (child.returncode, out) == (130, "")
    assert err == ("what was learned so far is kept; the same command goes on from there\nshuttle links: interrupted\n")
    assert _known(tmp_path) == set(numbered(server, 3))

import gzip
import json
import os
import shutil
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import polars as pl
import pytest
import xlsxwriter

from shuttle_diplomacy.cli.main import main
from shuttle_diplomacy.errors import ConfigurationError, UnreadableError
from shuttle_diplomacy.publishing.checksums import checksums
from shuttle_diplomacy.publishing.verification import containers, located
from shuttle_diplomacy.publishing.verification.verifying import verify
from tests.publishing.conftest import build_release, make_repository

STEM = "zoo-1.2.0"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = tmp_path_factory.mktemp("built")
    build_release(make_repository(place / "repository"), place / "dist")
    return place / "dist"


@pytest.fixture
def dist(built, tmp_path):
    return shutil.copytree(built, tmp_path / "dist")


@pytest.fixture
def release(dist):
    return dist / STEM


def told(where, **options):
    return [(p.file, p.note) for p in verify(str(where), **options).problems]


def change(file, old, new):
    content = file.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new))


def sealed(release):
    """Let the checksums follow, so that only what is inside tells of a change."""
    (release / "SHA256SUMS").write_bytes(checksums(release))
    return release


@pytest.mark.parametrize("where", ["", STEM, f"{STEM}.zip", f"{STEM}/datapackage.json", f"{STEM}/SHA256SUMS"])
def test_a_release_as_it_was_built_is_whole(dist, where):
    outcome = verify(str(dist / where))
    assert outcome.problems == []
    assert outcome.valid
    assert (outcome.name, outcome.version) == ("zoo", "1.2.0")
    assert {"checksums", "build", "descriptor", "data", "documents"} <= outcome.checked.keys()
    assert ("archive" in outcome.checked) == (where == "")


def test_the_archive_alone_is_checked_against_a_list_of_both(dist):
    shutil.rmtree(dist / STEM)
    assert told(dist) == []
    change(dist / "SHA256SUMS", b"0", b"1")
    assert told(dist) != []


def truncate(release):
    file = release / "data/animals.csv"
    file.write_bytes(file.read_bytes()[:-3])


LISTED = {
    "a changed file": (truncate, "data/animals.csv", r"was changed: its SHA-256 is \w+\.\.\., that in SHA256SUMS \w+"),
    "a missing file": (lambda r: (r / "README.md").unlink(), "README.md", "is listed in SHA256SUMS, but not there"),
    "one more file": (lambda r: (r / "data/x.csv").write_text("x"), "data/x.csv", "is not listed in SHA256SUMS"),
    "a link": (lambda r: (r / "x").symlink_to("/etc/passwd"), "x", "is a link; a release holds files only"),
    "a pipe": (lambda r: os.mkfifo(r / "x"), "x", "is a pipe, device or socket"),
    "a list of Windows": (
        lambda r: change(r / "SHA256SUMS", b"\n", b"\r\n"),
        "SHA256SUMS",
        "has the line ends of Windows",
    ),
    "a list that is cut": (
        lambda r: (r / "SHA256SUMS").write_bytes((r / "SHA256SUMS").read_bytes()[:-9]),
        "SHA256SUMS",
        "does not end with a line end, so it may be cut",
    ),
    "an empty list": (lambda r: (r / "SHA256SUMS").write_bytes(b""), "SHA256SUMS", "is empty"),
    "no list": (lambda r: (r / "SHA256SUMS").unlink(), "SHA256SUMS", "is not there"),
}


def listed(line):
    return lambda release: (release / "SHA256SUMS").write_bytes((release / "SHA256SUMS").read_bytes() + line + b"\n")


ZEROS = b"0" * 64
LINES = {
    "a word": (b"hello", "'hello' is not a line of 64 hexadecimal digits, two spaces and a path"),
    "an empty line": (b"", "'' is not a line of 64"),
    "no text": (b"\xff\xfe", "is not a line of 64"),
    "upwards": (ZEROS + b"  ../../etc/passwd", "'../../etc/passwd' is no path inside the release"),
    "absolute": (ZEROS + b"  /etc/passwd", "'/etc/passwd' is no path inside the release"),
    "not plain": (ZEROS + b"  ./README.md", "'./README.md' is no path inside the release"),
    "itself": (ZEROS + b"  SHA256SUMS", "'SHA256SUMS' is the list itself"),
    "twice": (ZEROS + b"  README.md", "'README.md' is listed with another checksum"),
}


@pytest.mark.parametrize(("tamper", "file", "note"), LISTED.values(), ids=LISTED)
def test_what_the_checksums_tell(release, tamper, file, note):
    tamper(release)
    found = [n for f, n in told(release) if f == file]
    assert found
    with pytest.raises(AssertionError, match=note):
        raise AssertionError(found[0])


@pytest.mark.parametrize(("line", "note"), LINES.values(), ids=LINES)
def test_lines_of_the_list_that_are_no_checksums(release, line, note):
    listed(line)(release)
    ((file, found),) = told(release)
    assert file.startswith("SHA256SUMS:")
    assert note in found


def test_what_both_lists_tell_is_told_once(dist):
    change(dist / STEM / "README.md", b"#", b"##")
    assert [file for file, _ in told(dist)] == ["README.md", f"{STEM}.zip"]


def test_the_list_beside_is_checked_too(dist):
    (dist / "notes.txt").write_text("")
    change(dist / f"{STEM}.zip", b"mammal", b"mammoc")
    assert {file for file, _ in told(dist)} == {"notes.txt", f"{STEM}.zip"}


def rewritten(archive, *, left_out=(), more=()):
    with zipfile.ZipFile(archive) as old:
        content = {info: old.read(info) for info in old.infolist() if info.filename not in left_out}
    with zipfile.ZipFile(archive, "w") as new:
        for info, body in [*content.items(), *more]:
            new.writestr(info, body)


def entry(name, mode=stat.S_IFREG | 0o644):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize(
    ("name", "mode", "note"),
    [
        ("../../out.txt", stat.S_IFREG, "is a path that leads out of the release"),
        ("/out.txt", stat.S_IFREG, "is a path that leads out of the release"),
        ("a//b.txt", stat.S_IFREG, "is not a plain path"),
        ("link", stat.S_IFLNK, "is a link or device"),
        ("readme.MD", stat.S_IFREG, "is there twice"),
    ],
)
def test_members_that_are_no_plain_files_are_not_unpacked(dist, tmp_path, name, mode, note):
    (dist / "SHA256SUMS").unlink()
    rewritten(dist / f"{STEM}.zip", more=[(entry(name, mode), b"/etc/passwd")])
    found = told(dist / f"{STEM}.zip")
    assert [(file.partition(": ")[2], n) for file, n in found] == [(name, found[0][1])]
    assert note in found[0][1]
    assert not (tmp_path.parent / "out.txt").exists()


def test_an_archive_that_differs_from_the_folder(dist):
    rewritten(dist / f"{STEM}.zip", left_out=["README.md"], more=[(entry("x.txt"), b"")])
    notes = [note for file, note in told(dist) if file == f"{STEM}.zip" and "SHA-256" not in note]
    assert notes == ["lacks 'README.md', which the folder holds", "holds 'x.txt', which the folder lacks"]


def bomb(file, monkeypatch):
    monkeypatch.setattr(located, "_LEAST_GROWTH", 1 << 20)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", bytes(64 << 20))


def liar(file, monkeypatch):
    """Claims a small size in its directory."""
    bomb(file, monkeypatch)
    content = bytearray(file.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    file.write_bytes(content)


def noise(file, _):
    file.write_bytes(b"PK\x03\x04" + bytes(range(256)))


@pytest.mark.parametrize("hostile", [bomb, noise])
def test_hostile_archives_are_one_sentence(tmp_path, monkeypatch, capsys, hostile):
    hostile(tmp_path / "zoo-1.0.0.zip", monkeypatch)
    assert main(["verify", str(tmp_path / "zoo-1.0.0.zip")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("shuttle verify: ")
    assert err.count("\n") == 1


def test_an_archive_that_lies_about_its_sizes_is_not_unpacked(tmp_path, monkeypatch):
    liar(tmp_path / "zoo-1.0.0.zip", monkeypatch)
    assert "zoo-1.0.0.zip: datapackage.json" in dict(told(tmp_path / "zoo-1.0.0.zip"))


def parquet(release, frame):
    frame.write_parquet(release / "data/animals.parquet")


DATA = {
    "another value": (
        lambda f: f.with_columns(legs=pl.when(pl.col("id") == "owl").then(4).otherwise("legs")),
        "row 3, field legs: holds 4, the table 2",
    ),
    "a value for none": (
        lambda f: f.with_columns(weight=pl.col("weight").fill_null(0.0)),
        "row 3, field weight: holds 0.0, the table None",
    ),
    "a row less": (lambda f: f.head(2), "holds 2 rows, the table 3"),
    "a column less": (lambda f: f.drop("tame"), "has the columns 'id', 'kind', 'legs', 'born_on', 'weight', the table"),
    "another order": (lambda f: f.reverse(), "row 1, field id: holds 'owl', the table 'eagle'"),
    "another type": (
        lambda f: f.with_columns(born_on=pl.struct("id")),
        "field born_on: holds values of type Struct",
    ),
}


@pytest.mark.parametrize(("alter", "note"), DATA.values(), ids=DATA)
def test_parquet_that_is_not_the_table(release, alter, note):
    file = release / "data/animals.parquet"
    alter(pl.read_parquet(file)).write_parquet(file)
    notes = [n for f, n in told(sealed(release)) if f == "data/animals.parquet"]
    assert len(notes) == 1
    assert notes[0].startswith(note)


def test_a_format_that_cannot_be_read(release):
    (release / "data/animals.parquet").write_bytes(b"PAR1 no PAR1")
    notes = [n for f, n in told(sealed(release)) if f == "data/animals.parquet"]
    assert notes[0].startswith("cannot be read as Parquet: ")


def test_a_table_is_judged_by_its_schema_and_nothing_carried_is_run(release):
    change(release / "data/animals.csv", b"lion,mammal,4", b"lion,mammal,5")
    change(release / "rules/born.sql", b"SELECT a.id FROM", b"SELECT a.id FROM nowhere")
    notes = dict(told(sealed(release)))
    assert "constraint" in notes["data/animals.csv"] or "5" in notes["data/animals.csv"]
    assert "rules/born.sql" not in notes


def database(file, *statements):
    connection = sqlite3.connect(file)
    connection.executescript(";".join(["CREATE TABLE zoo (id); INSERT INTO zoo VALUES (1), (2)", *statements]))
    connection.close()


ENDLESS = "CREATE VIEW v AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"


@pytest.mark.parametrize(
    ("statements", "rows", "note"),
    [
        ([], {"zoo": 2}, None),
        ([], {"zoo": 3}, "holds 2 rows of 'zoo', the table 3"),
        ([], {'a"b': 0}, "has no table 'a\"b'"),
        (
            ["CREATE TABLE p (id PRIMARY KEY)", "CREATE TABLE b (id REFERENCES p (id))", "INSERT INTO b VALUES (7)"],
            {"zoo": 2},
            "has rows in 'b' that refer to nothing",
        ),
        ([ENDLESS], {"v": 1}, "cannot be read as a SQLite database: interrupted"),
    ],
)
def test_a_database_is_opened_and_counted(tmp_path, monkeypatch, statements, rows, note):
    monkeypatch.setattr(containers, "_SECONDS", 0.2)
    database(tmp_path / "a.sqlite", *statements)
    assert list(containers.counted(tmp_path / "a.sqlite", rows)) == ([note] if note else [])


def workbook(file, *heights):
    with xlsxwriter.Workbook(file) as book:
        for height in heights:
            sheet = book.add_worksheet()
            for row in range(height):
                sheet.write_number(row, 0, row)


@pytest.mark.parametrize(
    ("heights", "rows", "note"),
    [
        ([9, 3, 1], {"zoo": 2, "empty": 0}, None),
        ([9, 2], {"zoo": 2}, "has no sheet with the 2 rows of 'zoo' and their header"),
        ([3], {"a": 2, "b": 2}, "has no sheet with the 2 rows of 'b' and their header"),
    ],
)
def test_a_workbook_is_opened_and_counted(tmp_path, heights, rows, note):
    workbook(tmp_path / "a.xlsx", *heights)
    assert list(containers.counted(tmp_path / "a.xlsx", rows)) == ([note] if note else [])


@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        ("a.sqlite", b"no database, but long enough for a header" * 20, "cannot be read as a SQLite database: file is"),
        ("a.xlsx", b"no zip", "cannot be read as an Excel workbook: File is not a zip file"),
        ("a.rds", gzip.compress(b"hello"), "is no file of R's readRDS"),
        ("a.rds", gzip.compress(b"X\n" + bytes(99))[:-4], "cannot be read: Compressed file ended"),
        ("a.duckdb.sql", b"", "is empty"),
    ],
)
def test_containers_that_are_broken(tmp_path, name, content, note):
    (tmp_path / name).write_bytes(content)
    (found,) = containers.counted(tmp_path / name, {})
    assert found.startswith(note)


def document(release, name, content):
    (release / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return sealed(release)


SIZE = {"contentUrl": "data/animals.csv", "contentSize": "7 B"}
SUM = {"url": "https://zoo.example/data/animals.csv", "sha256": "0" * 64}
DOCUMENTS = {
    "no JSON": ("croissant.json", "{", "is not JSON"),
    "twice": ("croissant.json", '{"a": 1, "a": 2}', "the key 'a' stands twice"),
    "a number": ("dcat.jsonld", "7", "is a JSON int, and has to be an object"),
    "deep": ("dcat.jsonld", "[" * 100_000, "cannot be read"),
    "no UTF-8": ("dcat.jsonld", '"\udcff"', "is not UTF-8: invalid start byte at byte 1"),
    "a size": ("croissant.json", {"distribution": [SIZE]}, "states 7 bytes for 'data/animals.csv', which has"),
    "a checksum": ("schema-org.jsonld", {"distribution": [SUM]}, "states the SHA-256 000000000000... for"),
    "no such file": ("csvw-metadata.json", {"tables": [{"url": "data/x.csv"}]}, "names the file 'data/x.csv', which"),
    "a version": ("zenodo.json", {"version": "9.9.9"}, "is about version '9.9.9', the package is version '1.2.0'"),
    "a citation": ("CITATION.cff", "cff-version: 1.2.0\nversion: '2'\n", "is about version '2'"),
    "no YAML": ("CITATION.cff", "a: [", "is not YAML"),
    "an envelope": ("datacite.json", {"data": {"attributes": {}}, "attributes": {"version": "3"}}, "about version '3'"),
    "XML": ("datacite.xml", "<resource><version>3</version></resource>", "is about version '3'"),
    "no XML": ("datacite.xml", "<resource>", "cannot be read: no element found"),
    "entities": (
        "datacite.xml",
        '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>',
        "declares a document type (r)",
    ),
    "a crate's file": (
        "ro-crate-metadata.json",
        {"@graph": [{"@id": "data/animals.csv", "@type": ["File"], "contentSize": "1"}]},
        "states 1 bytes",
    ),
    "a node apart": (
        "dcat.jsonld",
        [
            {
                "@id": "_:a",
                "http://www.w3.org/ns/dcat#downloadURL": [{"@id": "https://zoo.example/README.md"}],
                "http://spdx.org/rdf/terms#checksum": [{"@id": "_:b"}],
            },
            {"@id": "_:b", "http://spdx.org/rdf/terms#checksumValue": [{"@value": "1" * 64}]},
        ],
        "states the SHA-256 111111111111... for 'README.md'",
    ),
    "Turtle": (
        "dcat.ttl",
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n[] dcat:downloadURL <https://zoo.example/x.csv> .\n",
        "names the file 'x.csv', which is not there",
    ),
    "no Turtle": ("dcat.ttl", "@prefix ", "is no Turtle"),
}


@pytest.mark.parametrize(("name", "content", "note"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_what_documents_state_has_to_be_true(release, name, content, note):
    if isinstance(content, str):
        (release / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    else:
        (release / name).write_text(json.dumps(content))
    notes = [n for f, n in told(sealed(release)) if f == name]
    assert len(notes) == 1
    assert note in notes[0]


def test_what_documents_say_of_other_places_is_not_judged(release):
    elsewhere = {"url": "https://elsewhere.example/x.csv", "sha256": "0" * 64, "version": "1.2.0"}
    assert told(document(release, "schema-org.jsonld", elsewhere)) == []


@pytest.mark.parametrize(
    ("old", "new", "file", "note"),
    [
        (
            b'"version": "1.2.0"',
            b'"version": "1.2.1"',
            "build.json",
            "'version' is '1.2.1', in datapackage.json '1.2.0'",
        ),
        (b'"versions": {', b'"version_": {', "build.json", "'versions' is 'None'"),
        (b"{", b"[", "build.json", "build.json is not JSON"),
    ],
)
def test_the_record_of_the_build(release, old, new, file, note):
    change(release / file, old, new)
    assert any(f == file and note in n for f, n in told(sealed(release)))


def test_a_release_under_another_name(dist):
    (dist / STEM).rename(dist / "zoo-9.9.9")
    (dist / f"{STEM}.zip").rename(dist / "zoo-9.9.9.zip")
    (dist / "SHA256SUMS").write_bytes(checksums(dist))
    assert told(dist) == [("zoo-9.9.9", "is the name of the release 'zoo-1.2.0'")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "holds no release: neither datapackage.json nor a folder with one nor a zip"),
        ({"zoo-1.zip": "", "zoo-2.zip": ""}, "holds several releases: zoo-1, zoo-2; name one of them"),
    ],
)
def test_a_folder_without_one_release(tmp_path, content, message):
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(UnreadableError, match=message):
        verify(str(tmp_path))


def test_what_is_no_release_at_all(tmp_path):
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(UnreadableError, match="is no release: name its folder, its zip"):
        verify(str(tmp_path / "a.csv"))
    with pytest.raises(UnreadableError, match="is not there"):
        verify(str(tmp_path / "nothing"))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(dist):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=dist)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("where", [f"{STEM}.zip", f"{STEM}/datapackage.json", f"{STEM}/"])
def test_a_release_behind_an_address(address, where):
    assert told(address + where) == []


def test_a_file_that_is_not_behind_the_address(address, release):
    (release / "README.md").unlink()
    assert {file for file, _ in told(f"{address}{STEM}/")} == {"README.md"}
    with pytest.raises(UnreadableError, match="404"):
        verify(f"{address}other.zip")


def test_nobody_answers():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(UnreadableError, match="cannot be fetched"):
            verify(f"http://127.0.0.1:{taken.getsockname()[1]}/a.zip")


def test_the_command_says_what_to_do_next(dist, capsys):
    assert main(["verify", str(dist)]) == 0
    assert capsys.readouterr().out.startswith("zoo 1.2.0: is whole (checked: checksums ")
    (dist / STEM / "README.md").unlink()
    assert main(["verify", str(dist / STEM)]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first == "README.md: is listed in SHA256SUMS, but not there; download the release again"
    assert last.startswith("zoo 1.2.0: 1 problem (checked: ")


def test_the_command_gives_json_always(release, tmp_path, capsys):
    (release / "x\x1b[31m.txt").write_text("")
    assert main(["verify", str(release), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["valid"], found["counts"], found["problems"][0]["check"]) == (False, {"checksums": 1}, "checksums")
    assert main(["verify", str(tmp_path / "nothing"), "--format", "json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert not found["valid"]
    assert found["failure"].endswith("is not there")


def test_names_cannot_steer_the_terminal(release, capsys):
    (release / "x\x1b[31m.txt").write_text("")
    main(["verify", str(release)])
    assert "\x1b" not in capsys.readouterr().out


@pytest.fixture
def committed(tmp_path, git, monkeypatch):
    root = tmp_path / "repository"
    make_repository(root)
    (root / ".gitignore").write_text("dist\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "zoo")
    monkeypatch.chdir(root)
    return root


def built_by_command(root, *options):
    assert main(["build", "--out", str(root / "dist"), *options]) == 0
    return root / "dist" / STEM


@pytest.mark.parametrize("options", [[], ["--base-url", "https://zoo.example"], ["--base-url", "https://a.example/z/"]])
def test_a_release_is_built_again_from_its_commit(committed, git, options):
    release = built_by_command(committed, *options)
    (committed / "datapackage/data/animals.csv").write_text("changed since")
    git(committed, "commit", "-qam", "later")
    outcome = verify(str(release), repository=committed)
    assert (outcome.problems, outcome.notes) == ([], [])
    assert outcome.checked["rebuild"] == len([f for f in release.rglob("*") if f.is_file()])


def test_what_is_not_from_the_commit_is_told(committed):
    release = built_by_command(committed)
    change(release / "README.md", b"zoo", b"zebra")
    (release / "LICENSE-DATA").unlink()
    (release / "more.txt").write_text("")
    found = {
        p.file: p.note for p in verify(str(sealed(release)), repository=committed).problems if p.check == "rebuild"
    }
    assert found == {
        "LICENSE-DATA": "comes out of the build, but is not in the release",
        "README.md": "differs from what the commit builds",
        "SHA256SUMS": "differs from what the commit builds",
        "more.txt": "does not come out of the build",
    }


def test_other_versions_are_told_and_no_problem_by_themselves(committed):
    release = built_by_command(committed)
    record = json.loads((release / "build.json").read_text())
    record["versions"] |= {"sqlite": "3.1"}
    (release / "build.json").write_text(json.dumps(record))
    outcome = verify(str(sealed(release)), repository=committed)
    assert outcome.problems == []
    assert outcome.notes[0].startswith("rebuilt with other versions: the release was built with SQLite 3.1, here 3.")


def recorded(release, **changes):
    record = json.loads((release / "build.json").read_text())
    (release / "build.json").write_text(json.dumps(record | changes))
    return sealed(release)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"commit": None}, "build.json names no commit"),
        ({"commit": "--upload-pack=x"}, "build.json names no commit"),
        ({"commit": "0" * 40}, "the commit 000000000000 is not in this repository; fetch it"),
        ({"dirty": True}, "built with changes that no commit holds"),
        ({"SOURCE_DATE_EPOCH": "x"}, "build.json states no SOURCE_DATE_EPOCH"),
    ],
)
def test_what_cannot_be_built_again(committed, changes, message):
    release = recorded(built_by_command(committed), **changes)
    with pytest.raises(ConfigurationError, match=message):
        verify(str(release), repository=committed)


def test_a_commit_that_is_on_no_branch_is_not_built(committed, git):
    git(committed, "checkout", "-q", "--detach")
    (committed / "LICENSE-DATA").write_text("hostile")
    git(committed, "commit", "-qam", "on no branch")
    commit = git(committed, "rev-parse", "HEAD").strip()
    git(committed, "checkout", "-q", "main")
    release = recorded(built_by_command(committed), commit=commit)
    with pytest.raises(ConfigurationError, match="is on no branch or tag of this repository, so it is not built"):
        verify(str(release), repository=committed)


def test_building_again_needs_a_repository(dist, tmp_path):
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "verify", str(dist), "--rebuild"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "shuttle verify: --rebuild needs the repository: run it inside a clone of it\n"

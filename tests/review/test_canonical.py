import os
import stat
import zipfile

import pytest

from shuttle_diplomacy.errors import TargetError, UnsupportedError
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.review.canonical import MalformedTableError, canonical_bytes, check, rewrite

SOUND = b'id,note\na,x\nb,"y, z"\n'


@pytest.mark.parametrize(
    ("stored", "line", "note"),
    [
        (b"\xef\xbb\xbf" + SOUND, 1, "starts with a byte order mark"),
        (SOUND.replace(b"\n", b"\r\n"), 1, "ends with CR LF, in canonical form with LF"),
        (SOUND.removesuffix(b"\n"), 3, "ends with nothing, in canonical form with LF"),
        (b'id,note\nb,"y, z"\na,x\n', 2, """the line is 'b,"y, z"', in canonical form 'a,x' .*rows by id"""),
        (b'id,note\na,"x"\nb,"y, z"\n', 2, """the line is 'a,"x"', in canonical form 'a,x'"""),
        (b'"id",note\na,x\nb,"y, z"\n', 1, """the line is '"id",note', in canonical form 'id,note'"""),
    ],
)
def test_each_departure_is_found_and_mended(make, stored, line, note):
    package = make(t=stored)
    (finding,) = check(package)
    assert (finding.type, finding.resource, finding.path, finding.line) == ("format-error", "t", "t.csv", line)
    with pytest.raises(AssertionError, match=note):
        raise AssertionError(finding.note)
    assert finding.note.endswith("; run: shuttle format")
    assert rewrite(package) == ["t"]
    assert package.storage.read("t.csv") == SOUND
    assert check(package) == []
    assert rewrite(package) == []


def test_texts_are_kept_as_stored(make):
    stored = 'id,note\n 1 ," x"\n01,"say ""hi"""\n1,"two\r\nlines"\né,\n'.encode()
    wanted = ' 1 , x\n01,"say ""hi"""\n1,"two\r\nlines"\né,\n'
    assert canonical_bytes(make(t=stored).resource("t")) == ("id,note\n" + wanted).encode()


def test_dated_ids_are_counted_as_people_count(make):
    ids = [
        "a/2004",
        "a/2004-2",
        "a/2004-10",
        "a/2004-10-01",
        "a/2004-10-01-2",
        "a/2004-10-01-10",
        "a/2004-13",
        "a/2004-12-13",
        "a/2004-12-13-2",
        "a-b/2003",
        "a-b-2/2003",
        "a-b-10/2003",
    ]
    # 2004-10 is a month, 2004-13 the thirteenth row of the year; a-b-10 ends with no date, so it is plain text.
    wanted = [*ids[:2], ids[6], *ids[2:6], *ids[7:10], ids[11], ids[10]]
    stored = "id,note\n" + "".join(f"{i},\n" for i in reversed(ids))
    found = canonical_bytes(make(t=stored.encode()).resource("t")).decode().splitlines()[1:]
    assert found == [f"{i}," for i in wanted]


def test_names_that_end_like_dates_stand_among_their_like(make):
    ids = [
        *("b-2023-06-875530", "b-2023-06-ead661", "t/comfort"),
        *("t/export-2019", "t/export-2019-2", "t/export-2019-13", "t/export-2019-05", "t/export-2019-12"),
    ]
    stored = "id,note\n" + "".join(f"{i},\n" for i in ids)
    assert check(make(t=stored.encode())) == []


@pytest.mark.parametrize(
    ("types", "rows"),
    [
        ({"id": "integer", "n": "string"}, ["-3,a", "2,b", "10,a", "10,b"]),
        ({"id": "string", "n": "integer"}, ["A,2", "A,10", "B,1", "a,1", "é,1", "中,1"]),
    ],
)
def test_keys_of_several_fields(make, types, rows):
    stored = "\n".join(["id,n", *reversed(rows), ""]).encode()
    assert canonical_bytes(make(key=("id", "n"), types=types, t=stored).resource("t")).decode().splitlines()[1:] == rows


def test_rows_without_a_key_stay_in_their_order(make):
    stored = b"id,note\nb,x\na,x\n"
    assert check(make(key=(), t=stored)) == []


def test_a_declared_delimiter_and_quote_stay(make):
    stored = b"id;note\na;p,q\nb;'x;y'\n"
    assert check(make(dialect={"delimiter": ";", "quoteChar": "'"}, t=stored)) == []


def test_a_table_of_one_column_shows_its_empty_cells(make):
    package = make(key=(), types={"id": "string"}, t=b"id\na\n\nb\n")
    assert canonical_bytes(package.resource("t")) == b'id\na\n""\nb\n'


def test_a_table_without_rows(make):
    assert check(make(t=b"id,note\n")) == []


def test_computed_tables_of_a_release_keep_their_order(make):
    assert check(make(extra={"shuttle:view": "views/t.sql"}, t=b"id,note\nb,\na,\n")) == []


def test_a_malformed_table_is_left_as_it_is_and_the_others_are_written(make):
    broken = b"id,note\nb\na,x\n"
    package = make(good=b"id,note\nb,\na,\n", broken=broken)
    assert [(f.type, f.place) for f in check(package)] == [
        ("format-error", "good.csv:2:1"),
        ("missing-cell", "broken.csv:2:1"),
    ]
    with pytest.raises(
        MalformedTableError, match=r"broken\.csv:2:1: the row has 1 cell, the table 2 columns"
    ) as caught:
        rewrite(package)
    assert caught.value.changed == ["good"]
    assert package.storage.read("broken.csv") == broken
    assert package.storage.read("good.csv") == b"id,note\na,\nb,\n"
    with pytest.raises(MalformedTableError, match="the file was left as it is"):
        canonical_bytes(package.resource("broken"))


def test_labels_in_another_order_are_not_guessed_at(make):
    with pytest.raises(MalformedTableError, match=r"t\.csv:1:1: the label is 'note'"):
        rewrite(make(t=b"note,id\nx,a\n"))


def test_a_failed_write_leaves_the_file_and_nothing_beside_it(make, monkeypatch, tmp_path):
    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    stored = b"id,note\nb,\na,\n"
    package = make(t=stored)
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(TargetError, match=r"t\.csv cannot be written: No space left on device; nothing was changed"):
        rewrite(package)
    assert package.storage.read("t.csv") == stored
    assert sorted(p.name for p in tmp_path.iterdir()) == ["datapackage.json", "t.csv"]


def test_the_mode_of_a_file_and_links_to_it_stay(make, tmp_path):
    package = make(t=b"id,note\nb,\na,\n")
    (tmp_path / "t.csv").rename(tmp_path / "real.csv")
    (tmp_path / "t.csv").symlink_to("real.csv")
    (tmp_path / "real.csv").chmod(0o640)
    assert rewrite(package) == ["t"]
    assert (tmp_path / "t.csv").is_symlink()
    assert stat.S_IMODE((tmp_path / "real.csv").stat().st_mode) == 0o640


def test_an_archive_can_be_checked_but_not_rewritten(make, tmp_path):
    make(t=b"id,note\nb,\na,\n")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name in ("datapackage.json", "t.csv"):
            archive.write(tmp_path / name, name)
    package = open_package(tmp_path / "p.zip")
    assert len(check(package)) == 1
    with pytest.raises(TargetError, match="only the tables of a folder can"):
        rewrite(package)


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"encoding": "latin-1"}, "its encoding is 'latin-1'"),
        ({"compression": "gz"}, "it is compressed"),
        ({"path": ["t.csv", "t.csv"]}, "it is in several files"),
        ({"dialect": {"header": False}}, "it has no header"),
        ({"dialect": {"headerRows": [1, 2]}}, "its header has 2 rows"),
        ({"dialect": {"commentChar": "#"}}, "its dialect is not plain CSV"),
        ({"format": "json"}, "it is stored as json"),
    ],
)
def test_what_would_change_its_meaning_is_refused(make, extra, reason):
    package = make(extra=extra, t=b"id,note\nb,\na,\n")
    for act in (check, rewrite):
        with pytest.raises(UnsupportedError, match=rf"^t\.csv has no canonical form: {reason}"):
            act(package)
    assert package.storage.read("t.csv") == b"id,note\nb,\na,\n"


@pytest.mark.parametrize(("mode", "content"), [("subset", b"id,note,more\na,x,y\n"), ("superset", b"id\na\n")])
def test_no_column_is_lost_or_added(make, mode, content):
    package = make(t=content)
    package.descriptor["resources"][0]["schema"]["fieldsMatch"] = mode
    with pytest.raises(UnsupportedError, match="its columns are not the fields of its schema"):
        rewrite(package)


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "ascii"])
def test_encodings_of_which_utf_8_is_the_canonical_spelling(make, name):
    assert check(make(extra={"encoding": name}, t=b"id,note\na,x\n")) == []

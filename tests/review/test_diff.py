"""Which rows and cells differ."""

import re

import pytest

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.review.semver import judge
from tests.review.packages import SOME, cells, compared, package, table

ROWS = "id,n,note\na,1,x\nb,2,y\nc,3,z\n"


def test_the_same_package_has_no_difference(tmp_path):
    made = package(tmp_path / "p", ROWS)
    found = compared(made, made)
    assert found.same
    assert found.tables == ()


def test_rows_are_matched_by_key_wherever_they_stand(tmp_path):
    assert table(tmp_path, ROWS, "id,n,note\nc,3,z\na,1,x\nb,2,y\n").same


def test_added_and_removed_rows(tmp_path):
    found = table(tmp_path, ROWS, "id,n,note\na,1,x\nd,4,w\nc,3,z\n")
    assert found.added.head(9) == [{"id": "d", "n": "4", "note": "w"}]
    assert found.removed.head(9) == [{"id": "b", "n": "2", "note": "y"}]
    assert (found.added.numbers.to_list(), found.removed.numbers.to_list()) == ([3], [3])
    assert (found.changed_rows, found.renamed.height) == (0, 0)


def test_changed_cells_have_both_texts_and_rows(tmp_path):
    found = table(tmp_path, ROWS, "id,n,note\nb,20,\na,1,x\nc,3,z\n")
    assert cells(found) == [("b", "n", "2", "20", False), ("b", "note", "y", "", False)]
    assert found.cells.select("old_row", "row").rows() == [(3, 2), (3, 2)]
    assert found.changed_rows == 1


@pytest.mark.parametrize(
    ("kind", "before", "after", "respelt"),
    [
        ("integer", "1", "01", True),
        ("integer", "1", "2", False),
        ("number", "1.5", "1.50", True),
        ("number", "1e1", "10", True),
        ("datetime", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00+00:00", True),
        ("boolean", "true", "1", True),
        ("string", "a", "a ", False),
        ("list", "a,b", "a,c", False),
        ("geopoint", '"1,2"', '"1, 2"', True),
        ("integer", "x", "y", False),
        ("integer", "x", "1", False),
        ("date", "2020-01-01", "2020-01-02", False),
    ],
)
def test_a_cell_that_says_the_same_otherwise_is_respelt(tmp_path, kind, before, after, respelt):
    before, after = (text if "," not in text or '"' in text else f'"{text}"' for text in (before, after))
    fields = [{"name": "id", "type": "string"}, {"name": "v", "type": kind}]
    found = table(tmp_path, f"id,v\na,{before}\n", f"id,v\na,{after}\n", fields)
    assert found.cells["respelt"].to_list() == [respelt]
    assert found.respelt_rows == respelt


def test_one_missing_value_for_another_is_respelt(tmp_path):
    found = table(tmp_path, "id,n,note\na,-,x\n", "id,n,note\na,,x\n", missingValues=["", "-"])
    assert cells(found) == [("a", "n", "-", "", True)]


def test_a_renamed_key_is_recognised(tmp_path):
    found = table(tmp_path, ROWS, "id,n,note\na,1,x\nbb,2,y\nc,3,z\n")
    assert found.renamed.rows() == [("b", "bb", 3, 3)]
    assert (found.added_rows, found.removed_rows) == (0, 0)


def test_a_renamed_key_has_to_be_the_only_one_like_it(tmp_path):
    found = table(tmp_path, "id,n,note\na,1,x\nb,1,x\n", "id,n,note\nc,1,x\nd,1,x\n")
    assert (found.renamed.height, found.added_rows, found.removed_rows) == (0, 2, 2)


def test_rows_without_content_are_no_renamed_keys(tmp_path):
    found = table(tmp_path, "id,n,note\na,,\n", "id,n,note\nb,,\n")
    assert (found.renamed.height, found.added_rows, found.removed_rows) == (0, 1, 1)


def test_composite_keys(tmp_path):
    found = table(tmp_path, ROWS, "id,n,note\na,1,q\nb,9,y\nc,3,z\n", primaryKey=["id", "n"])
    assert cells(found) == [("a/1", "note", "x", "q", False)]
    assert found.renamed.select("before", "after").rows() == [("b/2", "b/9")]


def test_a_table_without_key_is_compared_by_whole_rows(tmp_path):
    before = "id,n,note\na,1,x\na,1,x\nb,2,y\n"
    found = table(tmp_path, before, "id,n,note\nb,2,y\na,1,x\nb,2,y\nb,2,z\n", primaryKey=[])
    assert found.key == ()
    assert [row["id"] + row["note"] for row in found.added.head(9)] == ["by", "bz"]
    assert [row["id"] for row in found.removed.head(9)] == ["a"]
    assert found.cells.height == 0


@pytest.mark.parametrize(
    ("before", "after", "changed", "added", "removed"),
    [
        ("a,1,x\na,1,y\n", "a,1,y\na,1,x\n", 0, 0, 0),
        ("a,1,x\na,1,y\n", "a,1,y\na,1,z\n", 1, 0, 0),
        ("a,1,x\na,1,x\n", "a,1,x\n", 0, 0, 1),
        ("a,1,x\n", "a,1,q\na,1,x\na,1,r\n", 0, 2, 0),
        ("a,1,x\nb,1,x\n", "a,1,x\na,1,y\nb,2,x\n", 1, 1, 0),
    ],
)
def test_keys_that_occur_twice(tmp_path, before, after, changed, added, removed):
    found = table(tmp_path, f"id,n,note\n{before}", f"id,n,note\n{after}")
    assert (found.changed_rows, found.added_rows, found.removed_rows) == (changed, added, removed)


def test_thousands_of_rows_with_one_key_do_not_multiply(tmp_path):
    rows = "".join(f"a,{n},x\n" for n in range(20_000))
    found = table(tmp_path, f"id,n,note\n{rows}", f"id,n,note\n{rows}b,1,x\n")
    assert (found.changed_rows, found.added_rows, found.removed_rows) == (0, 1, 0)


def test_a_table_of_keys_alone(tmp_path):
    found = table(tmp_path, "id\na\nb\n", "id\na\nc\n", SOME[:1])
    assert (found.added_rows, found.removed_rows, found.renamed.height) == (1, 1, 0)


def test_empty_tables(tmp_path):
    assert table(tmp_path, "id,n,note\n", "id,n,note\n").same
    assert table(tmp_path / "b", "id,n,note\n", ROWS).added_rows == 3


def test_field_names_that_look_like_patterns(tmp_path):
    fields = [{"name": "^.*$", "type": "string"}, {"name": "*", "type": "string"}, {"name": "key", "type": "string"}]
    found = table(tmp_path, "^.*$,*,key\na,1,2\n", "^.*$,*,key\na,3,2\n", fields, primaryKey="^.*$")
    assert cells(found) == [("a", "*", "1", "3", False)]


def test_tables_added_and_removed(tmp_path):
    old = package(tmp_path / "old", ROWS).table("gone", "id,n\na,1\n")
    new = package(tmp_path / "new", ROWS).table("come", "id,n\na,1\nb,2\n")
    found = {table.name: (table.status, table.rows_before, table.rows_after) for table in compared(old, new).tables}
    assert found == {"come": ("added", 0, 2), "gone": ("removed", 1, 0)}


def test_a_broken_table_is_said_and_the_others_are_compared(tmp_path):
    old = package(tmp_path / "old", ROWS).table("u", "id,n\na,1\n")
    new = package(tmp_path / "new", 'id,n,note\na,1\nb,2,"y\n').table("u", "id,n\na,2\n")
    found = compared(old, new)
    assert [(table.name, table.status) for table in found.tables] == [("t", "unread"), ("u", "changed")]
    assert found.tables[0].reason.startswith("the later package: t.csv:2:")
    assert found.tables[0].reason.endswith("mend it first: shuttle validate")
    assert not found.same


def test_json_null_and_empty_text_differ(tmp_path):
    sides = []
    for name, value in (("old", None), ("new", "")):
        made = package(tmp_path / name, ROWS)
        made.descriptor["resources"][0] |= {"path": None, "data": [{"id": "a", "n": 1, "note": value}]}
        del made.descriptor["resources"][0]["path"], made.descriptor["resources"][0]["encoding"]
        sides.append(made.write())
    assert cells(compared(*sides).tables[0]) == [("a", "note", None, "", True)]


def test_metadata_changes_and_noise(tmp_path):
    old, new = package(tmp_path / "old", ROWS), package(tmp_path / "new", ROWS)
    old.descriptor |= {"title": "A", "created": "2020-01-01T00:00:00Z", "x": {"a": {"b": 1}, "c": 1}}
    new.descriptor |= {"title": "B", "created": "2021-01-01T00:00:00Z", "x": {"a": {"b": 2}, "c": True}}
    new.descriptor["resources"][0] |= {"title": "T", "hash": "0" * 32, "bytes": 7}
    found = compared(old.write(), new.write())
    assert [(c.kind, c.what, c.before, c.after) for c in found.properties] == [
        ("property", "title", "A", "B"),
        ("property", "x.a.b", 1, 2),
        ("property", "x.c", 1, True),
    ]
    assert [c.what for c in found.noise] == ["created"]
    assert [c.what for c in found.tables[0].properties] == ["title"]
    assert sorted(c.what for c in found.tables[0].noise) == ["bytes", "hash"]


def test_noise_alone_is_no_difference(tmp_path):
    old, new = package(tmp_path / "old", ROWS), package(tmp_path / "new", ROWS, version="1.0.1")
    new.descriptor["resources"][0]["bytes"] = 7
    found = compared(old, new.write())
    assert found.same
    assert [table.name for table in found.tables] == ["t"]


def test_files_that_are_no_tables(tmp_path):
    old, new = package(tmp_path / "old", ROWS), package(tmp_path / "new", ROWS)
    for made, names in ((old, ["same", "gone", "other"]), (new, ["same", "come", "other"])):
        for name in names:
            made.descriptor["resources"].append({"name": name, "path": f"{name}.txt"})
            (made.root / f"{name}.txt").write_text(f"{name}{made.root.name if name == 'other' else ''}")
        made.write()
    found = [(c.kind, c.what) for c in compared(old, new).properties]
    assert found == [("file-added", "come"), ("file-removed", "gone"), ("file-changed", "other")]


def test_a_descriptor_with_errors_is_refused(tmp_path):
    made = package(tmp_path / "p", ROWS)
    made.descriptor["resources"] = 7
    with pytest.raises(UnreadableError, match="the descriptor has 1 error; the first:"):
        compared(made.write(), made)


def test_a_dialect_that_cannot_be_followed_is_said(tmp_path):
    old, new = package(tmp_path / "old", ROWS), package(tmp_path / "new", ROWS)
    new.descriptor["resources"][0]["dialect"] = {"delimiter": ",", "quoteChar": ","}
    (found,) = compared(old, new.write()).tables
    assert (found.status, found.reason[:51]) == ("unread", "the later package: resource 't' cannot be read: del")


def test_both_sides_of_a_table_that_cannot_be_read_are_told(tmp_path):
    (found,) = compared(
        package(tmp_path / "old", "id,n,note\na,1,x,y\n"), package(tmp_path / "new", "id,n,note\na\n")
    ).tables
    assert re.match(r"the earlier package: t\.csv:2:\d+: .+; the later package: t\.csv:2:\d+: ", found.reason)


def test_fields_of_one_name_are_not_compared(tmp_path):
    fields = [SOME[0], SOME[1], SOME[1]]
    sides = [package(tmp_path / name, f"id,n,n\na,1,{name}\n", fields) for name in "12"]
    (found,) = compared(*sides).tables
    assert found.status == "unread"
    assert "several fields are called 'n'; a comparison needs a name for each" in found.reason


def test_a_table_of_which_only_the_name_changed(tmp_path):
    rows = "id,n\na,1\n"
    old = package(tmp_path / "old", "id,n,note\n").table("gone", rows, SOME[:2])
    new = package(tmp_path / "new", "id,n,note\n").table("come", rows, SOME[:2])
    (found,) = compared(old, new).tables
    assert (found.name, found.status, found.added_rows, found.removed_rows) == ("come", "changed", 0, 0)
    assert ("identity", "name", "gone", "come") in [(c.kind, c.what, c.before, c.after) for c in found.properties]
    verdict = judge(compared(old, new))
    assert [reason.sentence for reason in verdict.decisive] == ["come: its name changed"]


def test_tables_that_are_alike_are_not_taken_for_renamed(tmp_path):
    rows = "id,n\na,1\n"
    old = package(tmp_path / "old", "id,n,note\n").table("gone", rows, SOME[:2])
    new = package(tmp_path / "new", "id,n,note\n").table("x", rows, SOME[:2]).table("y", rows, SOME[:2])
    assert [(t.name, t.status) for t in compared(old, new).tables] == [
        ("x", "added"),
        ("y", "added"),
        ("gone", "removed"),
    ]

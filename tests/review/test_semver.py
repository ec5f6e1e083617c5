"""What a difference asks of the version."""

import pytest

from shuttle_diplomacy.review.difference import Change, Difference
from shuttle_diplomacy.review.semver import Level, judge, level_of
from tests.conftest import PackageFolder
from tests.review.packages import SOME, compared, package

ROWS = "id,n,note\na,1,x\nb,2,y\n"


def needed(tmp_path, after, fields=None, **schema):
    old = package(tmp_path / "old", ROWS)
    return judge(compared(old, package(tmp_path / "new", after, fields, **schema)))


@pytest.mark.parametrize(
    ("after", "level", "reason"),
    [
        (ROWS, Level.NONE, None),
        ("id,n,note\na,1,x\nb,2,z\n", Level.PATCH, "t: 1 cell of 'note' corrected"),
        (ROWS + "c,3,z\n", Level.MINOR, "t: 1 row added"),
        ("id,n,note\na,1,x\n", Level.MAJOR, "t: 1 row removed, the first 'b'"),
        ("id,n,note\na,1,x\nc,2,y\n", Level.MAJOR, "t: 1 key renamed, the first 'b' to 'c'"),
    ],
)
def test_rows_and_cells(tmp_path, after, level, reason):
    verdict = needed(tmp_path, after)
    assert verdict.needed == level
    assert [r.sentence for r in verdict.decisive] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("change", "level", "reason"),
    [
        ({"type": "string"}, Level.MAJOR, "t: of 'n': type changed"),
        ({"constraints": {"minimum": 0}}, Level.MAJOR, "t: of 'n': constraints.minimum is stricter"),
        ({"title": "N"}, Level.PATCH, "t: of 'n': title changed"),
    ],
)
def test_schemas(tmp_path, change, level, reason):
    verdict = needed(tmp_path, ROWS, [SOME[0], {**SOME[1], **change}, SOME[2]])
    assert (verdict.needed, [r.sentence for r in verdict.decisive]) == (level, [reason])


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("field-added", 3),
        ("field-removed", 3),
        ("field-renamed", 3),
        ("fields-reordered", 3),
        ("format", 3),
        ("reading", 3),
        ("missing-values", 3),
        ("primary-key", 3),
        ("identity", 3),
        ("constraint-loosened", 2),
        ("file-added", 2),
        ("file-removed", 3),
        ("file-changed", 1),
        ("property", 1),
        ("description", 1),
    ],
)
def test_levels_of_the_recipe(kind, level):
    assert level_of(Change(kind, "x")) == level


def test_rows_without_a_key_cannot_be_referred_to(tmp_path):
    old = package(tmp_path / "old", ROWS, primaryKey=None)
    new = package(tmp_path / "new", "id,n,note\na,1,x\n", primaryKey=None)
    assert judge(compared(old, new)).needed == Level.PATCH


def test_tables_that_come_and_go(tmp_path):
    one = package(tmp_path / "one", ROWS)
    two = package(tmp_path / "two", ROWS).table("u", "id,n\n")
    assert [r.sentence for r in judge(compared(one, two)).decisive] == ["u: the table was added"]
    assert judge(compared(one, two)).needed == Level.MINOR
    assert judge(compared(two, one)).needed == Level.MAJOR


def linked(root, parent_code, child_code):
    """Two tables: the child refers to a field of the parent that is not its key."""
    fields = [{"name": "id", "type": "string"}, {"name": "code", "type": "string"}]
    key = [{"fields": ["code"], "reference": {"resource": "parent", "fields": ["code"]}}]
    made = PackageFolder(root).table("parent", f"id,code\np,{parent_code}\n", fields, primaryKey="id")
    return made.table("child", f"id,code\nc,{child_code}\n", fields, primaryKey="id", foreignKeys=key)


def test_cells_that_other_rows_refer_to(tmp_path):
    verdict = judge(compared(linked(tmp_path / "old", "x", "x"), linked(tmp_path / "new", "y", "y")))
    assert [(r.level, r.sentence) for r in verdict.reasons] == [
        (Level.MAJOR, "parent: 1 cell of 'code' changed, to which other rows refer"),
        (Level.MINOR, "child: 1 cell of 'code' refers to another row"),
    ]


DECISIVE = "decisive: the package's name changed"
CHANGES = {
    "none": (),
    "patch": (Change("property", "title"),),
    "minor": (Change("constraint-loosened", "x"),),
    "major": (Change("identity", "name"),),
}


@pytest.mark.parametrize(
    ("old", "new", "level", "enough"),
    [
        ("1.2.3", "1.2.3", "none", True),
        ("1.2.3", "1.2.4", "none", True),
        ("1.2.3", "1.2.3", "patch", False),
        ("1.2.3", "1.2.4", "patch", True),
        ("1.2.3", "1.2.4", "minor", False),
        ("1.2.3", "1.3.0", "minor", True),
        ("1.2.3", "1.3.0", "major", False),
        ("1.2.3", "2.0.0", "major", True),
        ("0.2.3", "0.3.0", "major", True),
        ("0.2.3", "0.2.4", "major", False),
        ("0.2.3", "0.2.4", "minor", False),
        ("0.2.3", "0.3.0", "minor", True),
        ("0.2.3", "1.0.0", "major", True),
        ("1.2.3", "1.2.2", "patch", False),
        ("1.9.0", "1.10.0", "minor", True),
        ("1.2.3", "2.0.0-rc.1", "major", True),
        ("2.0.0-rc.1", "2.0.0", "major", True),
        ("2.0.0-rc.2", "2.0.0-rc.10", "major", True),
        ("2.0.0-rc.2", "2.0.0-rc.1", "patch", False),
        ("1.0.0", "2.0.0-rc..1", "patch", False),
        ("1.0.0", "2.0.0-01", "patch", False),
        ("1.0.0", "2.0.0+a.b", "major", True),
        ("1.0.0", "2.0." + "9" * 5000, "patch", False),
        ("2.1.0-rc.1", "2.1.0", "major", False),
        ("1.2.3", "1.2.3+build", "patch", False),
        (None, "1.0.0", "major", True),
    ],
)
def test_whether_the_version_was_raised_enough(old, new, level, enough):
    assert judge(Difference("a", "b", old, new, properties=CHANGES[level])).enough is enough


@pytest.mark.parametrize(
    ("old", "new", "level", "text"),
    [
        ("1.2.3", "1.2.3", "none", "nothing changed that asks for another version"),
        ("1.2.3", "1.2.4", "patch", "the version was raised from 1.2.3 to 1.2.4, enough for a patch change"),
        (
            "1.2.3",
            "1.2.4",
            "major",
            "the version was raised from 1.2.3 to 1.2.4, but a major change asks for a raised major number: 2.0.0; "
            + DECISIVE,
        ),
        (
            "0.1.0",
            "0.1.0",
            "major",
            "the version is 0.1.0 as before, but a major change below 1.0.0 asks for a raised minor number: 0.2.0; "
            + DECISIVE,
        ),
        ("1.2.3", "1.1.0", "none", "the version was lowered from 1.2.3 to 1.1.0"),
        ("1.2.3", "v2", "none", "the version is 'v2', but it has to be a semantic version, as 1.2.3"),
        ("1.2.3", None, "none", "there is no version, but it has to be a semantic version, as 1.2.3"),
        ("x", "1.2.3", "none", "the version before was 'x', which is no semantic version; 1.2.3 is taken as it is"),
    ],
)
def test_the_verdict_names_the_change(old, new, level, text):
    assert judge(Difference("a", "b", old, new, properties=CHANGES[level])).text == text


def test_the_decisive_changes_are_counted():
    found = Difference("a", "b", "1.0.0", "1.0.0", properties=CHANGES["major"] * 3 + CHANGES["patch"])
    assert judge(found).text.endswith("decisive: the package's name changed (and 2 more of that weight)")


def test_a_table_that_could_not_be_compared_asks_for_the_most(tmp_path):
    old, new = package(tmp_path / "old", ROWS), package(tmp_path / "new", "id,n,note\na\n")
    assert judge(compared(old, new)).needed == Level.MAJOR

"""The bounded collection of findings."""

import pytest

from shuttle_diplomacy.package import Finding, Findings
from shuttle_diplomacy.package.finding import plain


def wrong(kind="type-error", **more):
    return Finding(kind, "wrong", **more)


@pytest.mark.parametrize(("limit", "kept", "room"), [(0, 5, None), (1, 1, 0), (5, 5, 0), (7, 5, 2)])
def test_all_are_counted_and_so_many_are_kept(limit, kept, room):
    found = Findings(limit)
    found.extend(wrong(row_number=n) for n in range(5))
    assert [f.row_number for f in found.kept] == list(range(kept))
    assert (found.total("error"), found.room("type-error")) == (5, room)


def test_each_type_has_its_own_room():
    found = Findings(1)
    found.extend([wrong(), wrong(), wrong("blank-row"), wrong("foreign-key", severity="warning")])
    assert [f.type for f in found.kept] == ["type-error", "blank-row", "foreign-key"]
    assert found.room("unique-key") == 1


def test_what_is_only_counted_takes_no_room():
    found = Findings(2)
    found.count("type-error", 10)
    found.count("type-error", 3, "warning")
    found.count("blank-row", 0)
    assert (found.room("type-error"), found.total("error"), found.total("warning")) == (2, 10, 3)
    assert found.types == {"type-error"}
    assert found.kept == []


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        (wrong(path="a.csv", line=3, column=5), "a.csv:3:5"),
        (wrong(path="a.csv", line=3), "a.csv:3"),
        (wrong(path="a.csv", resource="t"), "a.csv"),
        (wrong(resource="t"), "t"),
        (wrong(), "datapackage.json"),
    ],
)
def test_place(finding, place):
    assert finding.place == place


def test_a_finding_is_copied_and_never_changed():
    first = wrong()
    assert (first.at(line=3).line, first.line) == (3, None)
    with pytest.raises(AttributeError):
        first.line = 4  # type: ignore[misc]


@pytest.mark.parametrize("text", ["\x1b[31m", "a\nb", "\u202e", "\u2028", "\x9b"])
def test_no_text_steers_the_terminal(text):
    assert plain(text).isprintable()


def test_letters_of_any_script_stay():
    assert plain("日本 é 👨") == "日本 é 👨"

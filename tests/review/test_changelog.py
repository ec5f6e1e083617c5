"""Entries of the changelog."""

import pytest

from shuttle_diplomacy.errors import TargetError, UnreadableError
from shuttle_diplomacy.review.changelog import entry, inserted, last_release
from shuttle_diplomacy.review.repository import Repository
from tests.review.packages import SOME, GitPackage, compared, git, package

ROWS = "id,n,note\na,1,x\nb,2,y\nc,3,z\ne,5,v\n"


def test_an_entry(tmp_path):
    old = package(tmp_path / "old", ROWS).table("gone", "id,n\na,1\n")
    fields = [SOME[0], SOME[1], {**SOME[2], "title": "Note", "constraints": {"required": True}}]
    new = package(tmp_path / "new", "id,n,note\na,1,q\nc,03,z\nd,4,w\nf,5,v\n", fields, version="2.0.0")
    new.descriptor["created"] = "2026-02-03T00:00:00Z"
    new.descriptor["title"] = "T"
    new.table("come", "id,n\na,1\nb,2\n")
    assert entry(compared(old, new)) == (
        "## 2.0.0 - 2026-02-03\n"
        "\n"
        "**Data.**\n"
        "\n"
        "- `t`: 1 row added (`d`); 1 row removed (`b`); 1 key renamed (`e` is now `f`); 1 row corrected in `note` "
        "(`a`); 1 row only respelt\n"
        "- `come`: new table, 2 rows\n"
        "- `gone`: table removed (1 row)\n"
        "\n"
        "**Schema.**\n"
        "\n"
        "- `t`: `note`: constraint tightened `constraints.required`: `(none)` → `true`\n"
        "- `t`: described anew: `note`\n"
        '- package: property `title`: `(none)` → `"T"`\n'
    )


def test_the_same_version_is_unreleased(tmp_path):
    made = package(tmp_path / "p", ROWS)
    assert entry(compared(made, made)) == "## Unreleased\n\nNo change of data or schema.\n"


def test_few_rows_are_named_the_others_counted(tmp_path):
    many = "id,n,note\n" + "".join(f"r{n},{n},{n}\n" for n in range(9))
    found = compared(package(tmp_path / "old", "id,n,note\n"), package(tmp_path / "new", many))
    assert "- `t`: 9 rows added (`r0`, `r1` and 7 more)" in entry(found, 2)
    assert "`r8`)" in entry(found, None)


def test_many_values_of_one_property_are_counted(tmp_path):
    old, new = package(tmp_path / "old", ROWS), package(tmp_path / "new", ROWS)
    old.descriptor["x"], new.descriptor["x"] = {"a": 1, "b": 1}, {"a": 2, "b": 2}
    assert "- package: property `x`: 2 values changed" in entry(compared(old.write(), new.write()))


@pytest.mark.parametrize("key", ["`a`", "::error::x", '"x\n# y"', "<b>"])
def test_keys_stay_text(tmp_path, key):
    found = compared(package(tmp_path / "old", "id,n,note\n"), package(tmp_path / "new", f"id,n,note\n{key},1,x\n"))
    line = next(line for line in entry(found).splitlines() if line.startswith("- `t`: 1 row added (`"))
    assert line.endswith("`)")
    assert not any(line.startswith(("::", "# ", "<")) for line in entry(found).splitlines())


def test_an_unreleased_entry_is_replaced():
    before = "# Changelog\n\nWords.\n\n## Unreleased\n\nold\n\n## 0.1.0\n\nfirst\n"
    assert inserted(before, "## 0.2.0 - 2026-01-01\n\nnew\n") == (
        "# Changelog\n\nWords.\n\n## 0.2.0 - 2026-01-01\n\nnew\n\n## 0.1.0\n\nfirst\n"
    )


def test_an_entry_is_not_written_twice():
    with pytest.raises(TargetError, match=r"the changelog has an entry '0\.1\.0' already; remove it first"):
        inserted("# Changelog\n\n## 0.1.0 - 2026-01-01\n\nfirst\n", "## 0.1.0\n\nnew\n")


def test_since_when(tmp_path):
    made = GitPackage(tmp_path / "repo")
    first = made.write("id,n,note\na,1,x\n")
    made.write("id,n,note\na,1,x\nb,2,y\n")
    repository = Repository(made.root)
    assert last_release(repository, "data package") == first
    git(made.root, "tag", "v0.1.0")
    git(made.root, "tag", "other")
    made.write(ROWS)
    assert last_release(repository, "data package") == "v0.1.0"


def test_a_repository_without_the_package(tmp_path):
    made = GitPackage(tmp_path / "repo")
    made.write("id,n,note\n")
    with pytest.raises(UnreadableError, match="no commit of this repository holds 'elsewhere'"):
        last_release(Repository(made.root), "elsewhere")


def test_since_when_for_an_earlier_revision(tmp_path):
    made = GitPackage(tmp_path / "repo")
    for version in ("v0.1.0", "v0.2.0"):
        made.write(ROWS + f"{version},1,x\n")
        git(made.root, "tag", version)
    assert last_release(Repository(made.root), "data package", "HEAD~1") == "v0.1.0"


def test_a_version_that_is_none_stays_text(tmp_path):
    new = package(tmp_path / "new", ROWS, version="<b>@x</b>\n## y")
    heading = entry(compared(package(tmp_path / "old", ROWS), new)).splitlines()[0]
    assert heading == "## `<b>@x</b>\\n## y`"


def test_what_is_to_know_of_a_constraint_is_told(tmp_path):
    fields = [SOME[0], SOME[1], {**SOME[2], "constraints": {"enum": ["x", "y", "z", "v"]}}]
    shown = entry(compared(package(tmp_path / "old", ROWS), package(tmp_path / "new", ROWS, fields)))
    assert "(only these values are allowed now)" in shown


def test_a_shallow_clone_without_tags_cannot_tell(tmp_path):
    made = GitPackage(tmp_path / "repo")
    made.write(ROWS)
    git(tmp_path, "clone", "-q", "--depth", "1", made.root.as_uri(), "clone")
    with pytest.raises(UnreadableError, match=r"this clone is shallow and has no tag v\*; fetch the history first"):
        last_release(Repository(tmp_path / "clone"), "data package")

"""The worked pull requests give the files that stand in ``tests/data/pull-request``."""

import re

import pytest

from tests.review.pull_request import FILES, GOLDEN, ROOT, ROWS, make, outcome


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return make(tmp_path_factory.mktemp("pull-request"))


@pytest.fixture(scope="module")
def outcomes(repository):
    return {name: outcome(repository, name) for name in ROWS}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("file", [*FILES, "exit-codes.txt"])
def test_what_is_given_is_what_can_be_read(outcomes, name, file):
    wanted = (GOLDEN / name / file).read_text(encoding="utf-8")
    assert outcomes[name][file] == wanted, "write it anew: python -m tests.review.pull_request"


def test_the_forgotten_citation_is_the_one_error(outcomes):
    annotations = outcomes[""]["annotations.txt"].splitlines()
    assert len(annotations) == 2
    assert re.match(
        r"::error file=datapackage/data/summits\.csv,line=\d+,col=1,endColumn=\d+,title=row-is-cited::"
        r"2026-06-20-busan: no source supports this row; add a line to citations",
        annotations[0],
    )
    assert annotations[1].startswith("invalid: 1 error, 0 warnings in 13 tables")
    assert "❌ invalid" in outcomes[""]["report.md"]


def test_annotations_stand_at_the_lines_of_their_rows(outcomes):
    before = (ROOT / "datapackage" / "data" / "summits.csv").read_text(encoding="utf-8").count("\n")
    for name, rows in ROWS.items():
        lines = [int(number) for number in re.findall(r"csv,line=(\d+),", outcomes[name]["annotations.txt"])]
        assert set(lines) == {before + number + 1 for number in range(rows.count("\n"))}


@pytest.mark.parametrize("name", ROWS)
def test_what_fails_fails_and_the_changelog_does_not(outcomes, name):
    codes = [line.split()[:3:2] for line in outcomes[name]["exit-codes.txt"].splitlines()]
    assert codes == [["1", "validate"], ["1", "review"], ["1", "diff"], ["0", "changelog"]]


def test_the_version_is_asked_for_and_the_change_named(outcomes):
    assert outcomes[""]["version.txt"].rstrip().endswith("0.2.0; decisive: summits: 1 row added")
    assert "1 row added (`2026-06-20-busan`); 1 row corrected in `end_on`, `summary_en`" in outcomes[""]["changelog.md"]


def test_the_review_names_what_has_to_be_looked_at(outcomes):
    shown = outcomes[""]["review.md"]
    assert "1 new error\n" in shown
    assert "1 new or changed row without a source" in shown
    assert "<code>numbers&#58; 14 → 15</code>" in shown
    assert "<code>2026-01-14</code> | <code>2026-01-15</code>" in shown


def test_hostile_cells_are_there_and_stay_text(outcomes):
    found = outcomes["hostile"]
    for file in ("annotations.txt", "review.txt", "changelog.md"):
        assert "not a command" in found[file]
        for line in found[file].splitlines():
            ours = file == "annotations.txt" and line.startswith("::error file=datapackage/data/summits.csv,")
            assert ours or not line.strip().startswith("::")
            assert "##[" not in line
    outside = re.sub(r"(`+) ?[^`].*?[^`]\1(?!`)", "", found["changelog.md"])
    assert not re.search(r"script|someone|example\.org|not a command", outside)
    for file in ("report.md", "review.md"):
        assert "not a command" in found[file]
        outside = re.sub(r"<code>[^<]*</code>", "", found[file])
        assert not re.search(r"script|someone|example\.org|not a command", outside)
        assert found[file].count("<details>") == found[file].count("</details>")
    assert not any("\u202e" in content for content in found.values())


def test_the_page_shows_what_is_given():
    page = (GOLDEN.parents[2] / "docs" / "review.md").read_text(encoding="utf-8")
    given = {line for file in ("review.txt", "version.txt") for line in (GOLDEN / file).read_text("utf-8").splitlines()}
    blocks = re.findall(r"^```\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    shown = [line for block in blocks for line in block.splitlines() if not line.startswith("shuttle ")]
    shown += [line for block in blocks for line in block.splitlines() if line.startswith("shuttle diff: ")]
    assert len(shown) > 10
    assert [line for line in shown if line not in given] == []

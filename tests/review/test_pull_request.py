"""The worked pull requests give the files that stand in ``tests/data/pull-request``."""

import re

import pytest

from tests.review.pull_request import FILES, GOLDEN, ROWS, make, outcome


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
    assert outcomes[""]["exit-codes.txt"].startswith("1  shuttle validate datapackage --format github")


def test_the_review_names_what_has_to_be_looked_at(outcomes):
    shown = outcomes[""]["review.md"]
    assert "1 new error\n" in shown
    assert "1 new or changed row without a source" in shown
    assert "<code>numbers&#58; 14 → 15</code>" in shown
    assert "<code>2026-01-14</code> | <code>2026-01-15</code>" in shown


def test_hostile_cells_are_there_and_stay_text(outcomes):
    found = outcomes["hostile"]
    for file in ("annotations.txt", "review.txt", "changelog.md"):
        for line in found[file].splitlines():
            assert not line.strip().startswith("::") or line.startswith("::error file=datapackage/data/summits.csv,")
            assert "##[" not in line
    for file in ("report.md", "review.md"):
        assert "not a command" in found[file]
        outside = re.sub(r"<code>[^<]*</code>", "", found[file])
        assert not re.search(r"script|someone|example\.org|not a command", outside)
        assert found[file].count("<details>") == found[file].count("</details>")
    assert "not a command" in found["annotations.txt"]
    assert not any("\u202e" in content for content in found.values())


def test_the_page_shows_what_is_given():
    page = (GOLDEN.parents[2] / "docs" / "review.md").read_text(encoding="utf-8")
    given = {line for file in ("review.txt", "version.txt") for line in (GOLDEN / file).read_text("utf-8").splitlines()}
    blocks = re.findall(r"^```\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    shown = [line for block in blocks for line in block.splitlines() if not line.startswith("shuttle ")]
    shown += [line for block in blocks for line in block.splitlines() if line.startswith("shuttle diff: ")]
    assert len(shown) > 10
    assert [line for line in shown if line not in given] == []

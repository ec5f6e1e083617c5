"""Whatever a contributor breaks in the real tables is named: file, line, column, row, what is wrong, what is right."""

import shutil
from pathlib import Path

import pytest

from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.validation.pipeline import validate
from tests.dataset_package import ROOT, RULES

NARA = "2026-01-13-nara"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "datapackage", tmp_path / "datapackage")
    return tmp_path / "datapackage"


def change(package: Path, table: str, row: str, old: str, new: str) -> int:
    """Change one text in one row and return the physical line of that row."""
    file = package / "data" / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").split("\n")
    number = next(n for n, line in enumerate(lines) if line.startswith(row))
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new, 1)
    file.write_text("\n".join(lines), encoding="utf-8")
    return number + 1


def only(package: Path):
    """Return the one error of the package."""
    report = validate(open_package(package), RULES)
    (finding,) = [f for task in report.tasks for f in task.errors]
    assert finding.path == "data/summits.csv"
    return finding


def test_wrong_date(package):
    line = change(package, "summits", NARA, ",2026-01-13,", ",2026-01-32,")
    found = only(package)
    assert (found.line, found.column, found.key) == (line, len(NARA) + 2, {"summit_id": NARA})
    assert found.note == "'2026-01-32' is not of type date: expected a day that exists, written YYYY-MM-DD"


def test_unknown_leader(package):
    change(package, "summits", NARA, "takaichi-sanae", "takaichi-sanai")
    found = only(package)
    assert (found.type, found.field_name, found.key) == ("foreign-key", "jp_leader_id", {"summit_id": NARA})
    assert "'takaichi-sanai' is not in leaders.leader_id; did you mean 'takaichi-sanae'?" in found.note


def test_value_outside_its_enumeration(package):
    change(package, "summits", NARA, "summit_meeting", "sumit_meeting")
    found = only(package)
    assert (found.type, found.field_name, found.key) == ("constraint-error", "form", {"summit_id": NARA})
    assert "did you mean 'summit_meeting'? Allowed: summit_meeting, brief_talk" in found.note


def test_removed_comma(package):
    line = change(package, "summits", NARA, ",", "")
    report = validate(open_package(package), RULES)
    summits = next(task for task in report.tasks if task.name == "summits")
    (found,) = summits.errors
    assert (found.type, found.line) == ("missing-cell", line)
    assert "the row has 28 cells, the table 29 columns; missing from 'review_status' on" in found.note
    assert not report.rules.ran or report.rules.not_run


def test_blank_line(package):
    line = change(package, "summits", NARA, NARA, f"\n{NARA}")
    found = only(package)
    assert (found.type, found.line, found.column) == ("blank-row", line, 1)


def test_lost_citation(package):
    file = package / "data" / "citations.csv"
    kept = [x for x in file.read_text(encoding="utf-8").splitlines() if f",{NARA},*," not in x and f",{NARA}," not in x]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    report = validate(open_package(package), RULES)
    found = {(f.rule, (f.key or {}).get("summit_id")) for task in report.tasks for f in task.errors}
    assert ("row-is-cited", NARA) in found

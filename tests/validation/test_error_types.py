"""Each type of error has its smallest packages in tests/data/errors, of which each shows one finding and no other."""

import json
import re
from pathlib import Path

import pytest

from shuttle_diplomacy.package import Finding, open_package
from shuttle_diplomacy.validation.pipeline import Rules, validate
from shuttle_diplomacy.validation.rendering.kinds import KINDS, WARNINGS
from shuttle_diplomacy.validation.report import Report
from shuttle_diplomacy.validation.rules import read_rules

ROOT = Path(__file__).parents[1] / "data" / "errors"
EXPECTED = json.loads((ROOT / "expected.json").read_text(encoding="utf-8"))
CASES = list(EXPECTED)


def judged(name: str, *, strict: bool = False) -> tuple[Report, Finding]:
    """Return the report on a package, and what it finds, which has to be one thing."""
    rules = ROOT / name / "rules"
    report = validate(open_package(ROOT / name), Rules(read_rules(rules)) if rules.is_dir() else None, strict=strict)
    (found,) = [f for task in report.all_tasks for f in [*task.errors, *task.warnings]]
    return report, found


@pytest.mark.parametrize("name", CASES)
def test_one_thing_is_found_where_it_is(name):
    wanted = EXPECTED[name]
    report, found = judged(name)
    names = {"row": "row_number", "field": "field_name"}
    keys = ("type", "resource", "path", "row", "field", "line", "column")
    place = {key: getattr(found, names.get(key, key)) for key in keys}
    said = {key: value for key, value in wanted.items() if key not in ("match", "at")}
    assert {key: value for key, value in place.items() if value not in (None, "")} == said
    assert wanted["match"] in found.note
    assert (report.error_count, report.warning_count) == ((0, 1) if found.type in WARNINGS else (1, 0))


@pytest.mark.parametrize("name", [name for name, wanted in EXPECTED.items() if "at" in wanted])
def test_the_expected_place_holds_what_is_wrong(name):
    wanted = EXPECTED[name]
    content = (ROOT / name / wanted.get("path", "datapackage.json")).read_text(encoding="utf-8", errors="replace")
    line = re.split("\r\n|\r|\n", content)[wanted["line"] - 1]
    assert line[wanted["column"] - 1 :].startswith(wanted["at"])


@pytest.mark.parametrize("name", CASES)
def test_only_errors_make_a_package_invalid_and_warnings_where_it_is_asked_for(name):
    report, found = judged(name)
    assert report.valid == (found.type in WARNINGS) == (found.severity == "warning")
    assert not judged(name, strict=True)[0].valid


def test_every_type_has_a_package_and_every_package_a_type():
    assert {wanted["type"] for wanted in EXPECTED.values()} == set(KINDS)
    assert {folder.name for folder in ROOT.iterdir() if folder.is_dir()} == set(EXPECTED)


@pytest.mark.parametrize(("name", "wanted"), EXPECTED.items(), ids=list(EXPECTED))
def test_packages_are_named_after_their_types(name, wanted):
    assert name == wanted["type"] or name.startswith(wanted["type"] + "-")

"""The report as JUnit XML."""

from xml.etree import ElementTree as ET

import pytest

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.rendering import fitted, junit
from shuttle_diplomacy.validation.report import Report, RuleRun, Task
from tests.validation.reports import HOSTILE, broken, hostile, report


def outcome(judged: Report, suite: str) -> dict[str, str]:
    """Return what became of each case of a suite."""
    root = ET.fromstring(junit.render(judged))
    cases = root.findall(f"testsuite[@name='{suite}']/testcase")
    return {case.get("name"): ", ".join(child.tag for child in case) or "passed" for case in cases}


def test_a_case_for_each_check():
    assert outcome(report(broken(), broken(type="extra-label")), "t") == {
        "file": "passed",
        "header": "failure",
        "structure": "passed",
        "types": "failure",
        "constraints": "passed",
        "primary-key": "passed",
        "unique-keys": "passed",
        "foreign-keys": "passed",
    }


def test_counts_of_each_suite_and_of_all():
    root = ET.fromstring(junit.render(report(broken(), rules=RuleRun(["a"], [("b", "t could not be read")]))))
    counts = {node.get("name"): [node.get(n) for n in ("tests", "failures", "errors", "skipped")] for node in root}
    assert counts == {
        "datapackage.json": ["1", "0", "0", "0"],
        "t": ["8", "1", "0", "0"],
        "rules": ["2", "0", "0", "1"],
    }
    assert [root.get(n) for n in ("tests", "failures", "errors", "skipped")] == ["11", "1", "0", "1"]


def test_one_finding_is_the_message_and_several_are_counted():
    def failure(judged: Report) -> ET.Element:
        return ET.fromstring(junit.render(judged)).find(".//failure")

    one = failure(report(broken("'x' is no integer")))
    assert (one.get("message"), one.get("type"), one.text) == (
        "'x' is no integer",
        "type-error",
        "data/t.csv:3:5 (row b) n: 'x' is no integer",
    )
    many = failure(report(*[broken()] * 5000))
    assert many.get("message") == "5,000 type-errors"
    assert many.text.splitlines()[19:] == ["data/t.csv:3:5 (row b) n: wrong", "... and 4,980 more"]


def test_what_was_not_judged_has_not_passed():
    judged = report(Finding("source-error", "the file is not there"))
    assert set(outcome(judged, "t").values()) == {"failure", "skipped"}
    assert outcome(judged, "t")["file"] == "failure"


@pytest.mark.parametrize(("strict", "told"), [(False, "system-out"), (True, "failure")])
def test_warnings_fail_only_where_they_count(strict, told):
    judged = report(broken(severity="warning", type="repeated-header"), strict=strict)
    assert outcome(judged, "t")["header"] == told


def test_rules_have_a_suite_of_their_own():
    rules = RuleRun(["kept", "broken", "odd"], [("unsound", "t could not be read")], purposes={"broken": "it matters"})
    found = [broken(type="rule-error", rule="broken"), broken(type="rule-error", rule="odd", severity="warning")]
    judged = report(*found, rules=rules)
    assert outcome(judged, "rules") == {
        "kept": "passed",
        "broken": "failure",
        "odd": "system-out",
        "unsound": "skipped",
    }
    assert "failure" not in outcome(judged, "t").values()
    failure = ET.fromstring(junit.render(judged)).find(".//failure")
    assert failure.get("message") == "1 row listed: it matters"


def test_a_file_that_is_no_table_has_one_case():
    task = Task("notes", "notes.md", "notes.md")
    assert outcome(Report("p", tasks=[task]), "notes") == {"file": "passed"}


def test_errors_of_the_descriptor():
    general = Task("", "datapackage.json")
    general.add([Finding("schema-error", "no fields"), Finding("odd-error", "?")], 0)
    assert outcome(Report("p", general=general), "datapackage.json") == {"descriptor": "failure", "other": "failure"}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_any_cell_gives_well_formed_xml(name, encoding):
    shown = fitted(junit.render(hostile(HOSTILE[name])), "junit", encoding).encode(encoding)
    root = ET.fromstring(shown)
    assert [node.tag for node in root] == ["testsuite"] * 3
    assert not set("\x00\x01\x1b\u202e") & set("".join(root.itertext()))
    assert len(root.findall(".//failure")) == 2

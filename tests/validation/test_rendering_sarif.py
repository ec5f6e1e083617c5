"""The report as SARIF 2.1.0; what its JSON schema demands of what is written here is checked by hand."""

import json
import re
from typing import Any

import pytest

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.rendering import sarif
from shuttle_diplomacy.validation.rendering.kinds import KINDS
from shuttle_diplomacy.validation.report import Report, RuleRun, Task
from tests.validation.reports import HOSTILE, broken, hostile, report

# Each object that is written: the properties that the schema requires, and those that it allows and that are used.
# It allows no others (additionalProperties is false everywhere but in "properties").
SHAPES = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"invocations", "columnKind", "originalUriBaseIds", "results"}),
    "driver": ({"name"}, {"fullName", "version", "rules"}),
    "rule": ({"id"}, {"name", "shortDescription", "fullDescription", "help", "defaultConfiguration"}),
    "invocation": ({"executionSuccessful"}, {"toolExecutionNotifications"}),
    "notification": ({"message"}, {"level"}),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "locations", "partialFingerprints", "properties"}),
    "location": (set(), {"physicalLocation", "logicalLocations"}),
    "physical": ({"artifactLocation"}, {"region"}),
    "artifact": ({"uri"}, {"uriBaseId"}),
    "logical": (set(), {"name", "fullyQualifiedName", "kind"}),
    "region": (set(), {"startLine", "startColumn", "endColumn", "snippet"}),
    "message": ({"text"}, set()),
}
URI = re.compile(r"([a-z]+:)?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#\[\]-]|%[0-9A-F]{2})*")
FULL = [
    broken(source_line="a,b,x", width=1, pointer="/resources/0", rule="in-order", type="rule-error"),
    broken(severity="warning", key=None, cell=None),
    Finding("schema-error", "no fields"),
]


def fits(shape: str, value: dict[str, Any]) -> None:
    required, allowed = SHAPES[shape]
    assert required <= set(value) <= required | allowed, shape


def check(log: dict[str, Any]) -> None:
    """Check a log against what the schema says of the objects in it."""
    fits("log", log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    fits("run", run)
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    assert set(run["tool"]) == {"driver"}
    rules = run["tool"]["driver"]["rules"]
    fits("driver", run["tool"]["driver"])
    for rule in rules:
        fits("rule", rule)
        fits("message", rule["help"])
        fits("message", rule["shortDescription"])
        fits("message", rule["fullDescription"])
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
    assert len({rule["id"] for rule in rules}) == len(rules)
    for invocation in run["invocations"]:
        fits("invocation", invocation)
        for note in invocation.get("toolExecutionNotifications", []):
            fits("notification", note)
            fits("message", note["message"])
            assert note["level"] in {"none", "note", "warning", "error"}
    for result in run["results"]:
        fits("result", result)
        fits("message", result["message"])
        assert result["level"] in {"none", "note", "warning", "error"}
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert all(isinstance(v, str) for v in result["partialFingerprints"].values())
        for location in result["locations"]:
            check_location(location, run["originalUriBaseIds"])


def check_location(location: dict[str, Any], bases: dict[str, Any]) -> None:
    fits("location", location)
    for logical in location.get("logicalLocations", []):
        fits("logical", logical)
    physical = location["physicalLocation"]
    fits("physical", physical)
    fits("artifact", physical["artifactLocation"])
    assert URI.fullmatch(physical["artifactLocation"]["uri"])
    assert physical["artifactLocation"].get("uriBaseId", "PACKAGE") in bases
    if "region" in physical:
        fits("region", physical["region"])
        assert min(v for k, v in physical["region"].items() if k != "snippet") >= 1


def log_of(judged: Report) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(sarif.render(judged))
    return log["runs"][0]


@pytest.mark.parametrize(
    "judged",
    [
        report(*FULL, rules=RuleRun(["in-order"], [("b", "t could not be read")], purposes={"in-order": "it matters"})),
        report(*[broken()] * 9, limit=2),
        report(),
        Report(failure="no/where is not there"),
        Report("p", rules=RuleRun(reason="none")),
        *map(hostile, HOSTILE.values()),
    ],
)
def test_structure(judged):
    check(json.loads(sarif.render(judged)))


def test_region_ends_behind_the_cell():
    (result,) = log_of(report(broken(source_line="...,xyz,b", source_start=1, column=5, width=3)))["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "data/t.csv", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5, "endColumn": 8, "snippet": {"text": "xyz"}},
    }
    assert result["message"]["text"] == "n: wrong"
    assert result["properties"]["key"] == {"id": "b"}
    assert result["properties"]["byteOffset"] == 20


@pytest.mark.parametrize(
    ("file", "path", "expected"),
    [
        ("data/日 1.csv", "", {"uri": "data/%E6%97%A5%201.csv", "uriBaseId": "%SRCROOT%"}),
        ("./a#b?c%41.csv", "", {"uri": "a%23b%3Fc%2541.csv", "uriBaseId": "%SRCROOT%"}),
        ("/tmp/a b.csv", "", {"uri": "file:///tmp/a%20b.csv"}),
        ("", "in zip/a.csv", {"uri": "in%20zip/a.csv", "uriBaseId": "PACKAGE"}),
        ("", "https://example.org/a b.csv", {"uri": "https://example.org/a%20b.csv"}),
        ("", "", {"uri": "datapackage.json", "uriBaseId": "PACKAGE"}),
    ],
)
def test_addresses(file, path, expected):
    task = Task("t", path, file)
    task.add([Finding("type-error", "wrong")], 0)
    (result,) = log_of(Report("p", tasks=[task]))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == expected


def test_every_type_and_sql_rule_is_described():
    rules = RuleRun(["in-order"], [("other", "x")], purposes={"in-order": "no end before its start"})
    described = {r["id"]: r["help"]["text"] for r in log_of(report(rules=rules))["tool"]["driver"]["rules"]}
    assert set(described) == {*KINDS, "rule/in-order", "rule/other"}
    assert described["rule/in-order"] == "no end before its start"


def fingerprints(*findings: Finding) -> list[str]:
    return [r["partialFingerprints"]["finding/v1"] for r in log_of(report(*findings))["results"]]


def test_fingerprints_bear_that_lines_move():
    moved = {"line": 9, "row_number": 8, "column": 7, "byte_offset": 99}
    bare = broken("row 3 has 4 cells", key=None, cell=None, source_line="a,b")
    for finding in (broken(), broken(key=None, source_line="a"), bare):
        assert fingerprints(finding) == fingerprints(finding.at(**moved))
    assert fingerprints(bare) == fingerprints(bare.at(note="row 8 has 4 cells"))


@pytest.mark.parametrize(
    "other",
    [{"cell": "y"}, {"key": {"id": "c"}}, {"field_name": "m"}, {"type": "unique-error"}, {"type": "r", "rule": "r"}],
)
def test_fingerprints_tell_findings_apart(other):
    assert fingerprints(broken()) != fingerprints(broken(**other))


def test_fingerprints_of_equal_findings_are_numbered():
    first, second = fingerprints(broken(), broken())
    assert (first[:-1], first[-1], second[-1]) == (second[:-1], "1", "2")


def test_what_was_not_judged_or_listed_is_said():
    def notes(judged: Report) -> list[tuple[str, str]]:
        invocation = log_of(judged)["invocations"][0]
        return [(n["level"], n["message"]["text"]) for n in invocation["toolExecutionNotifications"]]

    assert notes(Report(failure="no such file")) == [("error", "no such file")]
    assert notes(report(*[broken()] * 9, limit=2)) == [
        ("warning", "7 further findings not listed; --limit-errors 0 lists all")
    ]
    assert notes(report(rules=RuleRun(not_run=[("a", "t could not be read")]))) == [
        ("note", "rule a did not run because t could not be read")
    ]


def test_links_and_placeholders_in_cells_stay_text():
    (result,) = log_of(report(broken("[a](1) [b] {0} {x}")))["results"]
    assert result["message"]["text"] == r"n: \[a](1) [b] {{0}} {x}"

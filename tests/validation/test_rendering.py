"""The report in each form, and that no cell can steer any of them."""

import json

import pytest

from shuttle_diplomacy.package import Finding, Findings
from shuttle_diplomacy.validation.rendering import fitted, github, render
from shuttle_diplomacy.validation.rendering import json as as_json
from shuttle_diplomacy.validation.rendering.kinds import CHECKS, KINDS, WARNINGS
from shuttle_diplomacy.validation.report import Report, Task
from tests.validation.reports import HOSTILE, broken, hostile, report

FORMS = ["text", "json", "github", "junit", "sarif", "markdown"]
OURS_ALONE = {"structure-error", "unique-key", "rule-error"}


def table(name: str, *findings: Finding) -> Task:
    task = Task(name, f"{name}.csv", f"{name}.csv", ["a"], rows=9)
    task.add(list(findings), 0)
    return task


def test_json_says_where_and_what():
    value = json.loads(as_json.render(report(broken(source_line="b,,x", source_start=2, width=1, pointer="/a"))))
    (error,) = value["tasks"][0]["errors"]
    assert value["valid"] is False
    assert value["stats"] == {
        "tasks": 1,
        "errors": 1,
        "warnings": 0,
        "rows": 3,
        "types": {"type-error": 1},
        "warningTypes": {},
    }
    assert error == {
        "type": "type-error",
        "title": "Type Error",
        "description": "A cell is not written as the type and format of its field demand.",
        "message": "data/t.csv:3:5: wrong",
        "tags": [],
        "note": "wrong",
        "rowNumber": 3,
        "fieldName": "n",
        "fieldNumber": 2,
        "cell": "x",
        "cells": [],
        "severity": "error",
        "rule": None,
        "key": {"id": "b"},
        "line": 3,
        "column": 5,
        "width": 1,
        "byteOffset": 20,
        "sourceLine": "b,,x",
        "sourceColumn": 2,
        "pointer": "/a",
    }


def test_every_type_but_rules_belongs_to_one_check():
    checked = [kind for kinds in CHECKS.values() for kind in kinds]
    assert sorted(checked) == sorted(set(KINDS) - {"rule-error"})


def test_json_counts_what_it_does_not_list():
    value = json.loads(as_json.render(report(*[broken()] * 5, limit=2)))
    assert (value["stats"]["errors"], len(value["tasks"][0]["errors"])) == (5, 2)
    assert value["tasks"][0]["stats"]["types"] == {"type-error": 5}


def test_a_collector_fills_a_task_with_the_true_counts():
    found = Findings(limit=1)
    found.extend([broken(), broken(), broken(severity="warning", type="repeated-header")])
    found.count("foreign-key", 40)
    task = Task("t")
    task.take(found)
    assert (len(task.errors), len(task.warnings), task.error_count, task.warning_count) == (1, 1, 42, 1)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - OURS_ALONE - set(WARNINGS)))
def test_frictionless_reads_the_report(kind):
    from frictionless import Report as Theirs

    findings = [broken(type=kind), Finding(kind, "no field", row_number=4), broken("odd", severity="warning")]
    theirs = Theirs.from_descriptor(json.loads(as_json.render(report(*findings))))
    assert theirs.flatten(["type", "note"]) == [[kind, "wrong"], [kind, "no field"]]
    assert theirs.tasks[0].errors[0].to_descriptor().get("fieldName", "n") == "n"


@pytest.mark.parametrize("kind", sorted(OURS_ALONE))
def test_types_that_frictionless_has_no_name_for(kind):
    from frictionless import FrictionlessException
    from frictionless import Report as Theirs

    with pytest.raises(FrictionlessException, match=f'error type "{kind}" is not supported'):
        Theirs.from_descriptor(json.loads(as_json.render(report(broken(type=kind)))))


def test_frictionless_reads_the_report_on_what_cannot_be_read():
    from frictionless import Report as Theirs

    theirs = Theirs.from_descriptor(json.loads(as_json.render(Report(failure="no/where is not there"))))
    assert theirs.flatten(["type", "note"]) == [["package-error", "no/where is not there"]]


def test_github_gives_one_annotation_an_error():
    assert github.render(report(broken(width=2))).splitlines() == [
        "::error file=data/t.csv,line=3,col=5,endColumn=6,title=type-error::b: n: wrong",
        "invalid: 1 error, 0 warnings in 1 table, 3 rows",
    ]


def test_github_shows_of_each_kind_and_table_before_it_shows_more_of_one():
    many = table("a", *[broken(line=n) for n in range(2, 40)], broken(type="foreign-key"))
    few = table("b", broken(line=7), broken(type="unknown-property", severity="warning"))
    lines = github.render(Report("p", tasks=[many, few])).splitlines()
    kinds = [line.partition("title=")[2].partition(":")[0] for line in lines[:4]]
    assert kinds == ["type-error", "foreign-key", "type-error", "type-error"]
    assert [line.split(",")[0] for line in lines[:4]] == [f"::error file={name}.csv" for name in "aaba"]
    assert [line.split()[0] for line in lines[:40]] == ["::error"] * 40
    assert lines[40].startswith("::warning ")


def test_github_says_what_it_does_not_show():
    lines = github.render(report(*[broken()] * 30, *[broken(severity="warning")] * 3, limit=12)).splitlines()
    assert lines[-2] == (
        "::notice title=shuttle validate::33 findings, of which GitHub shows 13 here; 15 are in the log of this step, "
        "18 are not listed (--limit-errors 0 lists all)"
    )


def test_github_is_silent_about_the_rest_where_there_is_none():
    assert "::notice" not in github.render(report(*[broken()] * 10, *[broken(severity="warning")] * 10))


@pytest.mark.parametrize("name", HOSTILE)
def test_github_commands_cannot_be_forged(name):
    lines = fitted(github.render(hostile(HOSTILE[name])), "github", "utf-8").splitlines()
    assert [line.split()[0] for line in lines] == ["::error", "::error", "::warning", "invalid:"]
    for line in lines:
        assert "##[" not in line
        assert "##vso[" not in line
        assert not {"\x1b", "\r", "\x9b", "\u202e", "\x00"} & set(line)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp932"])
def test_every_form_can_be_written_whatever_the_cells_hold(form, name, encoding):
    shown = fitted(render(hostile(HOSTILE[name]), form), form, encoding)
    assert shown.encode(encoding).decode(encoding) == shown


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_json_gives_back_every_cell(name, encoding):
    value = json.loads(fitted(render(hostile(HOSTILE[name]), "json"), "json", encoding))
    assert value["tasks"][0]["errors"][0]["cell"] == HOSTILE[name]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_of_a_package_that_cannot_be_read(form):
    shown = render(Report(failure="no/where is not there"), form)
    assert "no/where is not there" in shown
    told = {
        "text": "Not judged: ",
        "json": '"valid": false',
        "github": "::error title=not readable::",
        "junit": "<error ",
        "sarif": '"executionSuccessful": false',
        "markdown": "Not judged",
    }
    assert told[form] in shown


@pytest.mark.parametrize("form", FORMS)
def test_every_form_bears_findings_without_a_place(form):
    bare = Task("", "datapackage.json")
    bare.add([Finding("odd-error", "?"), Finding("odd-warning", "!", severity="warning")], 0)
    unlisted = Task("u")
    unlisted.take(Findings(limit=1))
    unlisted.counts["type-error", "error"] = 5
    assert "odd-error" in render(Report("p", general=bare, tasks=[unlisted]), form)

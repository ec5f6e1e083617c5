"""The report in each form, and that no cell can steer any of them."""

import json

import pytest

from shuttle_diplomacy.package import Finding
from shuttle_diplomacy.validation.rendering import github, text
from shuttle_diplomacy.validation.rendering import json as as_json
from shuttle_diplomacy.validation.report import Report, Task

HOSTILE = "x\x1b[31m\r\n::error::boo % \u202e"


def report(*findings: Finding, limit: int = 1000) -> Report:
    task = Task("t", "data/t.csv", "data/t.csv", ["id", "n"], rows=3)
    task.add(list(findings), limit)
    return Report("tiny", "here", tasks=[task])


def broken(note: str = "wrong", **more: object) -> Finding:
    base = Finding("type-error", note, "t", "data/t.csv", row_number=3, field_name="n", field_number=2)
    return base.at(line=3, column=5, byte_offset=20, cell="x", key={"id": "b"}, **more)


def test_text_says_place_row_field_and_verdict():
    assert text.render(report(broken())) == (
        "t: 1 error\n"
        "  data/t.csv:3:5  type-error  row b, field n\n"
        "      wrong\n"
        "\n"
        "invalid  tiny: 1 error, 0 warnings in 1 table, 3 rows\n"
    )


def test_text_caps_and_counts_the_rest():
    shown = text.render(report(*[broken()] * 1500))
    assert "t: 1,500 errors" in shown
    assert "... and 1480 more in this table" in shown


def test_json_is_a_superset_of_the_frictionless_report():
    value = json.loads(as_json.render(report(broken())))
    (error,) = value["tasks"][0]["errors"]
    assert value["valid"] is False
    assert value["stats"] == {"tasks": 1, "errors": 1, "warnings": 0, "rows": 3}
    assert error["rowNumber"] == 3
    assert {k: error[k] for k in ("line", "column", "byteOffset", "key", "cell", "fieldName", "fieldNumber")} == {
        "line": 3,
        "column": 5,
        "byteOffset": 20,
        "key": {"id": "b"},
        "cell": "x",
        "fieldName": "n",
        "fieldNumber": 2,
    }


def test_json_counts_what_it_does_not_list():
    value = json.loads(as_json.render(report(*[broken()] * 5, limit=2)))
    assert (value["stats"]["errors"], len(value["tasks"][0]["errors"])) == (5, 2)


def test_github_gives_one_annotation_an_error():
    assert github.render(report(broken())).splitlines() == [
        "::error file=data/t.csv,line=3,col=5,title=type-error::b: n: wrong",
        "invalid: 1 errors and 0 warnings in 3 rows, 0 rules ran",
    ]


@pytest.mark.parametrize("where", ["note", "key", "rule"])
def test_github_commands_cannot_be_forged(where):
    change = {"key": {"id": HOSTILE}} if where == "key" else {where: HOSTILE}
    lines = github.render(report(broken().at(**change))).splitlines()
    assert [line[:8] for line in lines] == ["::error ", "invalid:"]
    assert "\x0d" not in lines[0]


@pytest.mark.parametrize("where", ["note", "key", "rule"])
def test_terminal_cannot_be_steered(where):
    change = {"key": {"id": HOSTILE}} if where == "key" else {where: HOSTILE}
    shown = text.render(report(broken().at(**change)))
    assert not {"\x1b", "\r", "\u202e"} & set(shown)


def test_every_form_tells_of_a_package_that_cannot_be_read():
    failed = Report(failure="no/where is not there")
    assert json.loads(as_json.render(failed))["valid"] is False
    assert github.render(failed).startswith("::error title=not readable::no/where is not there\n")
    assert text.render(failed) == "Not judged: no/where is not there\n"

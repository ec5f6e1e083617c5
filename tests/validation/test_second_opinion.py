"""frictionless beside our gate: where they agree, where they differ, and what is said where it fails."""

import shutil
import subprocess
import sys
import zipfile

import pytest

from shuttle_diplomacy.package import Finding, Findings, open_package
from shuttle_diplomacy.validation import frictionless_child
from shuttle_diplomacy.validation import second_opinion as module
from shuttle_diplomacy.validation.pipeline import validate
from shuttle_diplomacy.validation.report import Report, Task
from shuttle_diplomacy.validation.second_opinion import SecondOpinion, as_json, render_text, second_opinion

TYPE = Finding("type-error", "no number", resource="t", row_number=3, field_name="n")


def report_of(*findings, more=0):
    found = Findings()
    found.extend(findings)
    found.count("type-error", more)
    task = Task("t")
    task.take(found)
    return Report(tasks=[task])


@pytest.fixture
def asked(folder, monkeypatch):
    """Compare a report with what frictionless is made to answer."""

    def ask(report, *errors, capped=(), **answer):
        folder.table("t", "id,n\na,1\n")
        found = {"version": "5", "errors": list(errors), "capped": list(capped), **answer}
        monkeypatch.setattr(module, "_ask", lambda *_: found)
        return second_opinion(open_package(folder.root), report)

    return ask


def theirs(kind, row=None, field=None, resource="t", note="theirs"):
    return {"type": kind, "note": note, "resource": resource, "row_number": row, "field_name": field}


def test_frictionless_agrees(folder):
    folder.table("t", "id,n\na,1\nb,x\n")
    package = open_package(folder.root)
    opinion = second_opinion(package, validate(package))
    assert (opinion.agree, opinion.failure) == (True, "")
    assert render_text(opinion) == f"second opinion: frictionless {opinion.version} finds the same\n"


def test_frictionless_differs(folder):
    folder.table("t", "id,n\na,1\na,1_0\n", uniqueKeys=[["id"]])
    folder.descriptor["$schema"] = "https://datapackage.org/profiles/2.0/datapackage.json"
    package = open_package(folder.write().root)
    opinion = second_opinion(package, validate(package))
    assert not opinion.agree
    assert sorted(f.type for f in opinion.only_ours) == ["type-error", "unique-key"]
    assert opinion.reasons == {"unique-key": "frictionless does not check uniqueKeys"}


def test_archive_is_unpacked_for_it(folder, tmp_path):
    folder.table("t", "id,n\na,1\nb,x\n")
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        for file in folder.root.iterdir():
            archive.write(file, file.name)
    shutil.rmtree(folder.root)
    package = open_package(tmp_path / "package.zip")
    opinion = second_opinion(package, validate(package))
    assert (opinion.agree, opinion.failure) == (True, "")


def test_traceback_is_one_sentence(folder):
    fields = [{"name": "n", "type": "integer", "constraints": {"minimum": "abc"}}]
    folder.table("t", "n\n1\n", fields)
    opinion = second_opinion(open_package(folder.root), Report())
    assert opinion.failure.startswith("frictionless failed on this package (TypeError: ")
    assert "Traceback" not in render_text(opinion)
    assert not opinion.agree


def test_time_is_bounded(folder):
    folder.table("t", "id,n\na,1\n")
    opinion = second_opinion(open_package(folder.root), Report(), seconds=0.01)
    assert render_text(opinion) == "second opinion: frictionless did not end within 0.01 seconds\n"


def test_child_that_dies_is_told(folder, monkeypatch):
    folder.table("t", "id,n\na,1\n")
    died = subprocess.CompletedProcess([], -9, b"", b"")
    monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: died)
    opinion = second_opinion(open_package(folder.root), Report())
    assert opinion.failure == "frictionless ended without an answer (exit code -9)"


def test_absent_frictionless_is_told(monkeypatch, capsys):
    monkeypatch.setattr(frictionless_child, "_go_offline", lambda: None)
    monkeypatch.setitem(sys.modules, "frictionless", None)
    frictionless_child.main("datapackage.json", "10")
    failure = "frictionless is not installed; install shuttle-diplomacy[tools]"
    assert capsys.readouterr().out == f'{{"failure": "{failure}"}}'


def test_nothing_is_fetched(folder):
    folder.table("t", "id,n\na,1\n")
    folder.descriptor["resources"][0]["path"] = "http://127.0.0.1:9/t.csv"
    opinion = second_opinion(open_package(folder.write().root), Report())
    assert ["the second opinion is offline" in f.note for f in opinion.only_theirs] == [True]


def test_report_without_a_judgement_is_not_compared(folder):
    folder.table("t", "id,n\na,1\n")
    opinion = second_opinion(open_package(folder.root), Report(failure="x is not JSON"))
    assert opinion.failure == "there is nothing to compare: x is not JSON"


@pytest.mark.parametrize(
    ("ours", "answer", "agree"),
    [
        (TYPE, theirs("type-error", 3, "n"), True),
        (TYPE, theirs("type-error", 4, "n"), False),
        (TYPE, theirs("type-error", 3, "id"), False),
        (TYPE, theirs("constraint-error", 3, "n"), False),
        (Finding("missing-cell", "", resource="t", row_number=3), theirs("missing-cell", 3, "n"), True),
        (Finding("primary-key", "", resource="t", row_number=3, field_name="id"), theirs("primary-key", 3), True),
        (Finding("schema-error", "", resource="t"), theirs("metadata-error", resource=""), True),
        (Finding("missing-label", "", resource="t", row_number=1), theirs("extra-label", 1), True),
        (Finding("source-error", "", resource="t"), theirs("scheme-error"), True),
        (Finding("rule-error", "", resource="t", row_number=3), None, True),
    ],
)
def test_errors_are_matched_by_what_both_know(asked, ours, answer, agree):
    assert asked(report_of(ours), *[a for a in [answer] if a]).agree is agree


def test_one_place_is_named_once(asked):
    cell = Finding("constraint-error", "too short", resource="t", row_number=3, field_name="n")
    assert len(asked(report_of(cell, cell.at(note="no match"))).only_ours) == 1


def test_beyond_the_end_of_a_capped_list_nothing_is_a_difference(asked):
    later = TYPE.at(row_number=9)
    opinion = asked(report_of(TYPE, later), theirs("type-error", 3, "n"), capped=["t"])
    assert opinion.agree
    assert asked(report_of(TYPE, more=4), theirs("type-error", 3, "n"), theirs("type-error", 9, "n")).agree


def test_differences_are_listed_with_reasons(asked):
    wrong = Finding("incorrect-label", "the label is '\x1b[31m'", resource="t", row_number=1, field_name="n")
    opinion = asked(report_of(wrong), theirs("type-error", 2, "n"))
    assert render_text(opinion).splitlines() == [
        "second opinion: frictionless 5 differs",
        "  only we find 1:",
        "    t, row 1, n: incorrect-label: the label is '\\x1b[31m'",
        "  only frictionless finds 1:",
        "    t, row 2, n: type-error: theirs",
        "  type-error: we do not judge the rows of a table whose header or file cannot be read",
    ]


def test_reason_for_what_only_frictionless_finds(asked):
    assert asked(report_of(), theirs("blank-row", 3)).reasons == {
        "blank-row": "frictionless calls a row blank if all its cells are missing values"
    }


def test_json(asked):
    assert as_json(asked(report_of(TYPE))) == {
        "tool": "frictionless",
        "version": "5",
        "agree": False,
        "failure": "",
        "onlyOurs": [
            {"type": "type-error", "resource": "t", "rowNumber": 3, "fieldName": "n", "note": "no number"},
        ],
        "onlyTheirs": [],
        "reasons": {},
    }
    assert as_json(SecondOpinion(failure="x"))["failure"] == "x"

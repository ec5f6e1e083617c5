"""The conformance cases: our gate on each of them, their form, and the page that is made of them."""

import json
from functools import cache

import jsonschema
import pytest
from scripts.conformance import KNOWN
from scripts.conformance_cases import FOLDER, Case, load
from scripts.conformance_outcomes import Judgement, outcomes, outcomes_of_metadata
from scripts.conformance_tools import FRICTIONLESS, Results, Worker, judge_frictionless, judge_ours, store, stored

from scripts import conformance
from tests.odd_judge import judge

AREAS = sorted(file for file in FOLDER.glob("*.json") if file.name != "case.schema.json")
CASES = {case.id: case for case in load()}
NAMES = [
    pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=KNOWN[name]) if name in KNOWN else ())
    for case in CASES.values()
    for name in case.names
]


@cache
def judged(case_id):
    return judge_ours(CASES[case_id])


@pytest.mark.parametrize("name", NAMES)
def test_our_gate_agrees(name):
    case = CASES[name.split("/")[0]]
    judgement = judged(case.id)
    outcome = dict(zip(case.names, outcomes(case, judgement, strict=True), strict=True))[name]
    assert outcome == "agrees", f"expected {case.expected} {case.warnings or ''}, found {judgement}"


def test_known_failures_name_cases():
    assert set(KNOWN) <= {name for case in CASES.values() for name in case.names}


@pytest.mark.parametrize("file", AREAS, ids=lambda file: file.stem)
def test_files_follow_their_schema(file):
    schema = json.loads((FOLDER / "case.schema.json").read_text(encoding="utf-8"))
    content = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(content)
    assert content["area"] == file.stem


def test_ids_occur_once():
    ids = [case.id for case in load()]
    assert len(ids) == len(set(ids))


def test_verdict_and_errors_fit_together():
    for case in CASES.values():
        assert case.valid == (not case.expected), case.id


def test_only_prints_the_cases_asked_for(capsys):
    assert conformance.main(["--only", "keys"]) == 0
    shown = capsys.readouterr().out
    assert "### Primary and unique keys" in shown
    assert "### Patterns" not in shown


def test_stale_page_is_told(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(conformance, "PAGE", tmp_path / "conformance.md")
    monkeypatch.setattr(conformance, "load", lambda _="": [CASES["primary-key-twice"]])
    assert conformance.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/conformance.md is stale; run: python -m scripts.conformance\n"
    assert conformance.main([]) == conformance.main(["--check"]) == 0


def test_page_names_what_our_gate_does_otherwise(monkeypatch):
    cases = [CASES["integer-beyond-64-bits"]]
    monkeypatch.setattr(conformance, "KNOWN", {"integer-beyond-64-bits/1": "integers are held in 64 bits"})
    text = conformance.page(cases, conformance.columns(cases))
    assert "`9223372036854775808`: false alarm; integers are held in 64 bits\n" in text
    assert "`-123456789012345678901234567890`: false alarm; a fault of ours, not yet mended\n" in text


@pytest.mark.parametrize("case_id", ["primary-key-twice", "unique-key-twice", "pattern-whole", "bound-no-integer"])
def test_stored_results_of_frictionless_are_what_it_says(case_id):
    kept = stored(FRICTIONLESS, [CASES[case_id]])
    assert kept is not None
    found = judge_frictionless(CASES[case_id])
    assert list(outcomes(CASES[case_id], kept.judgements[case_id])) == list(outcomes(CASES[case_id], found))


def test_result_of_a_changed_case_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr("scripts.conformance_tools.RESULTS", tmp_path)
    case = CASES["primary-key-twice"]
    store(Results("x", "1", {case.id: Judgement(valid=False)}), [case])
    changed = Case(case.area, {**case.value, "files": {}})
    assert stored("x", [case]).judgements == {case.id: Judgement(valid=False)}
    assert stored("x", [changed]).judgements == {}
    assert stored("y", [case]) is None


WRONG = {"valid": False, "errors": [{"type": "type-error", "row": 3, "field": "a", "line": 3, "column": 1}]}
RIGHT = {"valid": True, "errors": []}
ERROR = WRONG["errors"][0]


@pytest.mark.parametrize(
    ("expect", "judgement", "ours", "others"),
    [
        (WRONG, Judgement(valid=False, errors=[ERROR]), "agrees", "agrees"),
        (WRONG, Judgement(valid=True), "false pass", "false pass"),
        (RIGHT, Judgement(valid=False, errors=[ERROR]), "false alarm", "false alarm"),
        (WRONG, Judgement(valid=False, errors=[{**ERROR, "row": 4}]), "wrong place", "wrong place"),
        (WRONG, Judgement(valid=False, errors=[{**ERROR, "field": "b"}]), "wrong place", "wrong place"),
        (WRONG, Judgement(valid=False, errors=[{**ERROR, "column": 2}]), "wrong place", "agrees"),
        (WRONG, Judgement(valid=False, errors=[{"type": "other", "row": 3}]), "wrong place", "agrees"),
        (WRONG, Judgement(valid=False, errors=[ERROR, ERROR]), "wrong place", "agrees"),
        (WRONG, Judgement(valid=False), "wrong place", "wrong place"),
        (WRONG, Judgement(crash="KeyError"), "crash", "crash"),
        (WRONG, Judgement(), "not judged", "not judged"),
        ({**RIGHT, "warnings": ["unknown-property"]}, Judgement(valid=True), "silent", "silent"),
        ({**RIGHT, "warnings": ["x"]}, Judgement(valid=True, warnings=["x", "x"]), "agrees", "agrees"),
        ({**RIGHT, "warnings": []}, Judgement(valid=True, warnings=["x"]), "silent", "agrees"),
    ],
)
def test_outcome(expect, judgement, ours, others):
    case = Case("a", {"id": "a", "expect": expect})
    assert list(outcomes(case, judgement, strict=True)) == [ours]
    assert list(outcomes(case, judgement)) == [others]


@pytest.mark.parametrize(
    ("errors", "ours", "others"),
    [
        ([{"row": 3, "field": "value", "type": "type-error"}], ["agrees", "agrees"], ["agrees", "agrees"]),
        ([{"row": 3, "type": "other"}], ["agrees", "wrong place"], ["agrees", "agrees"]),
        ([{"row": 3, "field": "n"}], ["agrees", "wrong place"], ["agrees", "wrong place"]),
        ([{"row": 2, "field": "value"}], ["false alarm", "false pass"], ["false alarm", "false pass"]),
        ([{"type": "field-error"}], ["false alarm", "not judged"], ["false alarm", "not judged"]),
    ],
)
def test_outcomes_of_values(errors, ours, others):
    case = Case("a", {"id": "a", "field": {}, "values": [{"cell": "1", "valid": True}, {"cell": "x", "valid": False}]})
    assert case.names == ["a/1", "a/2"]
    assert list(outcomes(case, Judgement(valid=False, errors=errors), strict=True)) == ours
    assert list(outcomes(case, Judgement(valid=False, errors=errors))) == others


def test_value_on_which_a_tool_fails():
    case = Case("a", {"id": "a", "field": {}, "values": [{"cell": "1", "valid": True}, {"cell": "x", "valid": False}]})
    judgement = Judgement(valid=False, errors=[{"row": 3}], crashed=[2])
    assert list(outcomes(case, judgement)) == ["crash", "agrees"]


def test_tool_without_data_is_judged_by_descriptors():
    values = Case(
        "a", {"id": "a", "field": {}, "values": [{"cell": "1", "valid": True}, {"cell": "x", "valid": False}]}
    )
    assert list(outcomes_of_metadata(values, Judgement(valid=True))) == ["not judged", "not judged"]
    assert list(outcomes_of_metadata(values, Judgement(valid=False))) == ["false alarm", "not judged"]
    broken = Case("a", {"id": "a", "expect": {"valid": False, "errors": [{"type": "field-error"}]}})
    assert list(outcomes_of_metadata(broken, Judgement(valid=True))) == ["false pass"]


@pytest.mark.parametrize("cell", ["hang", "end"])
def test_worker_outlives_what_hangs_or_ends(cell):
    values = [{"cell": cell, "valid": True}, {"cell": "x", "valid": False}]
    worker = Worker(judge, seconds=0.2)
    try:
        found = worker.judge(Case("a", {"id": "a", "values": values}))
        assert found == Judgement(valid=False, errors=[{"row": 3}], crashed=[2])
        alone = worker.judge(Case("a", {"id": "a", "values": values[:1]}))
        assert alone.crash == "no answer within 0.2 seconds"
    finally:
        worker.close()

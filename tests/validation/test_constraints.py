"""Constraints of single cells."""

import json

import polars as pl
import pytest

from shuttle_diplomacy.package import Field, Findings, Resource
from shuttle_diplomacy.tabular.reader import Batch
from shuttle_diplomacy.tabular.types import reading_of
from shuttle_diplomacy.validation.constraints import ConstraintChecker


def check(field: dict, *cells: str | None, limit: int = 0) -> Findings:
    """Check a column of cells, whose rows count from 2."""
    field = {"name": "^x$", **field}
    text = pl.DataFrame({"0": cells}, schema={"0": pl.String})
    reading = reading_of(Field(field), "0")
    wrong = text.select(reading.wrong).to_series().arg_true().to_list()
    frame = text.select(reading.value.alias("0"))
    numbers = pl.Series(range(2, len(cells) + 2), dtype=pl.Int64)
    findings = Findings(limit)
    checker = ConstraintChecker(Resource({"name": "t", "path": "t.csv", "schema": {"fields": [field]}}, None))
    checker.check(Batch(frame, text, numbers, {"0": wrong} if wrong else {}), findings)
    return findings


def of(kind: str, **constraints: object) -> dict:
    return {"type": kind, "constraints": constraints}


DURATIONS = "months have no fixed number of days"


@pytest.mark.parametrize(
    ("field", "good", "bad", "note"),
    [
        (of("string", required=True), ["a"], None, "the cell is empty, but a value is required"),
        (of("object", required=True), ["{}"], None, "the cell is empty, but a value is required"),
        (of("duration", required=True), ["P1D"], None, "the cell is empty, but a value is required"),
        (of("list", required=True), ["a"], None, "the cell is empty, but a value is required"),
        (of("integer", minimum=3), ["3", None], "2", "'2' is below 3"),
        (of("integer", maximum="3"), ["3", None], "4", "'4' is above '3'"),
        (of("integer", exclusiveMinimum=3.0), ["4"], "3", "'3' is not above 3.0"),
        (of("number", exclusiveMaximum=3), ["2.9", "-INF"], "3", "'3' is not below 3"),
        (of("number", minimum=3), ["3", "INF"], "NaN", "'NaN' is not a number, so it cannot meet the minimum 3"),
        (of("number", maximum=3), ["3"], "nan", "'nan' is not a number, so it cannot meet the maximum 3"),
        (of("date", minimum="1965-06-22"), ["1965-06-22"], "1965-06-21", "'1965-06-21' is below '1965-06-22'"),
        (of("time", exclusiveMaximum="12:00:00"), ["11:59:59"], "12:00:00", "'12:00:00' is not below '12:00:00'"),
        (
            of("datetime", maximum="2024-01-01T00:00:00+01:00"),
            ["2023-12-31T23:00:00", "2024-01-01T08:00:00+09:00"],
            "2023-12-31T23:00:01Z",
            "'2023-12-31T23:00:01Z' is above '2024-01-01T00:00:00+01:00'",
        ),
        (of("year", minimum="1965"), ["1965"], "-1965", "'-1965' is below '1965'"),
        (of("yearmonth", exclusiveMinimum="2024-05"), ["2024-06"], "2024-05", "'2024-05' is not above '2024-05'"),
        (of("duration", minimum="P1M"), ["P1M", "P31D"], "P27D", "'P27D' is below 'P1M'"),
        (
            of("duration", minimum="P1M"),
            ["PT744H"],
            "P30D",
            f"'P30D' cannot be compared with the minimum 'P1M': {DURATIONS}",
        ),
        (of("duration", exclusiveMaximum="P1Y"), ["P11M", "P364D"], "P12M", "'P12M' is not below 'P1Y'"),
        (of("string", minLength=2), ["ab"], "ü", "'ü' has 1 characters, fewer than 2"),
        (of("string", maxLength=2), ["나라"], "나라현", "the text has 3 characters, more than 2"),
        (of("array", minLength=2), ["[1, [2]]"], "[1]", "'[1]' has 1 items, fewer than 2"),
        (of("object", maxLength=1), ["{}"], '{"a": 1, "b": 2}', "the object has 2 properties, more than 1"),
        (of("list", maxLength=1), ["a"], "a,b", "the list has 2 items, more than 1"),
        (of("string", pattern="[a-z]+"), ["a"], "A", "'A' does not match the pattern '[a-z]+'"),
        (
            of("string", enum=["open", "closed"]),
            ["open"],
            "opn",
            "'opn' is not one of the allowed values; did you mean 'open'? Allowed: open, closed",
        ),
        (of("integer", enum=[1, "2"]), ["01", "2"], "3", "'3' is not one of the allowed values; Allowed: 1, 2"),
        (of("number", enum=[1]), ["1.00"], "1.5", "'1.5' is not one of the allowed values; Allowed: 1"),
        (of("boolean", enum=[True]), ["1"], "0", "'0' is not one of the allowed values; Allowed: true"),
        (
            of("datetime", enum=["2024-01-01T00:00:00Z"]),
            ["2024-01-01T09:00:00+09:00"],
            "2023-01-01T00:00:00",
            "'2023-01-01T00:00:00' is not one of the allowed values; did you mean '2024-01-01T00:00:00Z'?",
        ),
        (of("duration", enum=["P1Y"]), ["P12M"], "P1D", "'P1D' is not one of the allowed values; did you mean 'P1Y'?"),
        (of("geopoint", enum=["1,2"]), ["1.0, 2"], "2, 1", "'2, 1' is not one of the allowed values;"),
        (of("list", enum=["a,b", ["c"]]), ["a,b", "c"], "b,a", "'b,a' is not one of the allowed values;"),
        (
            of("object", enum=[{"a": 1, "b": 2}, "{}"]),
            ['{"b": 2.0, "a": 1}', "{}"],
            '{"a": true}',
            "'{\"a\": true}' is not one of the allowed values;",
        ),
        (
            {"type": "integer", "categories": [{"value": 1, "label": "x"}]},
            ["1"],
            "2",
            "'2' is not one of the allowed values; Allowed: 1",
        ),
        (
            {"type": "string", "categories": ["x", "y"], "constraints": {"enum": ["x"]}},
            ["x"],
            "y",
            "'y' is not one of the allowed values; Allowed: x",
        ),
        (
            of("object", jsonSchema={"properties": {"value": {"type": "integer"}}}),
            ['{"value": 1}', "{}"],
            '{"value": "bad"}',
            "the value does not follow the JSON schema: at /value: 'bad' is not of type 'integer'",
        ),
        (
            of("object", jsonSchema={"patternProperties": {"^x": {}}, "additionalProperties": False}),
            ['{"x1": 1}'],
            '{"y": 1}',
            "the value does not follow the JSON schema: the properties 'y' are not allowed",
        ),
    ],
)
def test_constraint(field, good, bad, note):
    assert check(field, *good).total("error") == 0
    [finding] = check(field, *good, bad).kept
    assert (finding.type, finding.resource, finding.path, finding.cell) == ("constraint-error", "t", "t.csv", bad or "")
    assert (finding.row_number, finding.field_name, finding.field_number) == (len(good) + 2, "^x$", 1)
    assert finding.note.startswith(note)


@pytest.mark.parametrize("kind", ["integer", "date", "array", "duration"])
def test_a_cell_of_the_wrong_type_is_not_judged(kind):
    assert check(of(kind, required=True), "x").total("error") == 0


def test_missing_cells_meet_every_constraint_but_required():
    assert check(of("integer", minimum=3, enum=[3]), None).total("error") == 0
    assert check(of("array", minLength=3, jsonSchema={"type": "object"}), None).total("error") == 0


def test_all_are_counted_and_the_first_rows_listed():
    findings = check(of("integer", minimum=3, enum=[5]), *["1"] * 10, limit=3)
    assert findings.total("error") == 20
    assert [finding.row_number for finding in findings.kept] == [2, 2, 3]


def test_many_allowed_values_are_not_all_shown():
    [finding] = check(of("integer", enum=list(range(1000))), "-1").kept
    assert finding.note.endswith(", 29 and 970 more")


def test_hostile_pattern_in_a_json_schema_ends():
    field = of("array", jsonSchema={"items": {"pattern": "^(a+)+$"}})
    assert check(field, json.dumps(["a" * 5000 + "!"])).total("error") == 1


def test_no_rows():
    assert check(of("integer", minimum=1)).total("error") == 0


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ({"$id": "b", "items": {"$ref": "#/definitions/no"}}, "'/definitions/no', which it has not"),
        ({"$id": "b", "items": {"$ref": "#/required/x"}, "required": ["p"]}, "what it has not"),
        ({"$id": "b", "items": {"$ref": "#no"}}, "'http://x/b', which it has not"),
    ],
)
def test_reference_that_leads_nowhere_in_a_part_with_an_address(inner, reason):
    field = of("object", jsonSchema={"$id": "http://x/a", "properties": {"p": inner}})
    assert check(field, '{"q": 1}', '{"p": []}').total("error") == 0
    (finding,) = check(field, '{"p": [1]}').kept
    assert finding.type == "constraint-error"
    assert reason in finding.note

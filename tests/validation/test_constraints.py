"""Constraints of single cells."""

import pytest

from shuttle_diplomacy.errors import ConfigurationError, UnsupportedError
from tests.conftest import TWO, errors


def field(kind: str = "string", **constraints: object) -> list[dict]:
    return [{"name": "id", "type": "string"}, {"name": "n", "type": kind, "constraints": constraints}]


@pytest.mark.parametrize(
    ("fields", "cell", "note"),
    [
        (field(required=True), "", "the cell is empty, but a value is required"),
        (
            field(enum=["open", "closed"]),
            "opn",
            "'opn' is not one of the allowed values; did you mean 'open'? Allowed: open",
        ),
        (field("integer", minimum=3), "2", "'2' is below 3"),
        (field("integer", maximum=3), "4", "'4' is above 3"),
        (field("integer", exclusiveMinimum=3), "3", "'3' is not above 3"),
        (field("number", exclusiveMaximum=3), "3", "'3' is not below 3"),
        (field("date", minimum="1965-06-22"), "1965-06-21", "'1965-06-21' is below '1965-06-22'"),
        (field(minLength=2), "ü", "'ü' has 1 characters, fewer than 2"),
        (field(maxLength=2), "나라현", "the text has 3 characters, more than 2"),
        (field(pattern="[a-z]+"), "A", "'A' does not match the pattern"),
        (field("integer", enum=[1, 2]), "3", "'3' is not one of the allowed values"),
    ],
)
def test_constraint(judged, fields, cell, note):
    report = judged(f"id,n\na,{cell}\n", fields)
    assert errors(report) == [("constraint-error", 2, 3, "n")]
    assert report.tasks[0].errors[0].note.startswith(note)


def test_a_cell_of_the_wrong_type_is_reported_once(judged):
    assert errors(judged("id,n\na,x\n", field("integer", required=True, minimum=1))) == [("type-error", 2, 3, "n")]


def test_missing_cells_meet_every_other_constraint(judged):
    assert judged("id,n\na,\n", field("integer", minimum=3, enum=[3])).valid


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (field("date", minimum="soon"), "field 'n': minimum 'soon' is not of type date"),
        (field("string", minimum="a"), "field 'n': 'minimum' does not fit the type string"),
        (field("string", pattern="("), "field 'n': the pattern '\\(' cannot be used"),
    ],
)
def test_constraint_that_cannot_be_checked_is_no_data_error(judged, fields, message):
    with pytest.raises(ConfigurationError, match=message):
        judged("id,n\na,1\n", fields)


def test_enum_narrows_categories(judged):
    field = {"name": "id", "type": "string", "categories": ["x", "y"], "constraints": {"enum": ["x"]}}
    assert errors(judged("id,n\nx,1\ny,2\n", [field, TWO[1]])) == [("constraint-error", 3, 1, "id")]


@pytest.mark.parametrize(
    ("field", "error"),
    [
        ({"type": "string", "constraints": {"pattern": "(("}}, ConfigurationError),
        ({"type": "string", "constraints": {"enum": [1]}}, ConfigurationError),
        ({"type": "integer", "constraints": {"minLength": 1}}, ConfigurationError),
        ({"type": "date", "constraints": {"minimum": 3}}, ConfigurationError),
        ({"type": "list", "constraints": {"minLength": 3}}, UnsupportedError),
    ],
)
@pytest.mark.parametrize("rows", ["", "5,1\n"])
def test_constraint_that_cannot_run_is_said_even_without_rows(judged, field, error, rows):
    with pytest.raises(error, match="^field 'id': "):
        judged(f"id,n\n{rows}", [{"name": "id", **field}, TWO[1]])

"""Table Schemas as pandera schemas, and what in a schema cannot be followed."""

import math
from datetime import date

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.tabular.columns import compile_schema
from shuttle_diplomacy.tabular.constraints import check_constraints


def schema(*fields: dict) -> Schema:
    return Schema({"fields": [{"name": f"f{number}", **field} for number, field in enumerate(fields)]})


def failures(compiled, frame: pl.DataFrame) -> list[tuple[str, int]]:
    with pytest.raises(SchemaErrors) as error:
        compiled.validate(frame, lazy=True)
    return [(row["column"], row["index"]) for row in error.value.failure_cases.iter_rows(named=True)]


def test_constraints_become_checks():
    compiled = compile_schema(
        schema(
            {"type": "date", "constraints": {"minimum": "1965-06-22", "required": True}},
            {"type": "string", "constraints": {"enum": ["a"], "pattern": "[a-z]"}},
        )
    )
    frame = pl.DataFrame({"f0": [date(1965, 6, 22), date(1965, 6, 21), None], "f1": ["a", "b", None]})
    assert failures(compiled, frame) == [("f0", 2), ("f0", 1), ("f1", 1)]


def test_nan_breaks_each_bound():
    compiled = compile_schema(
        schema(
            {"type": "number", "constraints": {"minimum": 1}},
            {"type": "number", "constraints": {"exclusiveMaximum": 1}},
        )
    )
    assert failures(compiled, pl.DataFrame({"f0": [math.nan, 2.0], "f1": [math.nan, 0.0]})) == [("f0", 0), ("f1", 0)]


def test_columns_can_have_other_names():
    compiled = compile_schema(
        schema({"type": "integer", "constraints": {"minimum": 1}}, {}), columns=["0", "1"], constrained_only=True
    )
    assert list(compiled.columns) == ["0"]
    assert failures(compiled, pl.DataFrame({"0": [0, 0, 1], "1": ["", "", ""]})) == [("0", 0)]


@pytest.mark.parametrize(
    ("field", "pointer", "note"),
    [
        (
            {"type": "date", "constraints": {"minimum": "soon"}},
            "constraints/minimum",
            "minimum 'soon' is not of type date",
        ),
        ({"type": "date", "constraints": {"maximum": 3}}, "constraints/maximum", "maximum 3 is not of type date"),
        (
            {"type": "integer", "constraints": {"minimum": 3.5}},
            "constraints/minimum",
            "minimum 3.5 is not of type integer",
        ),
        (
            {"type": "integer", "constraints": {"minimum": 2**63}},
            "constraints/minimum",
            "minimum 9223372036854775808 is not",
        ),
        (
            {"type": "integer", "constraints": {"enum": [1, True]}},
            "constraints/enum/1",
            "enum True is not of type integer",
        ),
        ({"type": "string", "constraints": {"enum": [1]}}, "constraints/enum/0", "enum 1 is not of type string"),
        (
            {"type": "string", "constraints": {"enum": []}},
            "constraints/enum",
            "enum [] is not a list of at least one value",
        ),
        (
            {"type": "list", "itemType": "integer", "constraints": {"enum": [["x"]]}},
            "constraints/enum/0",
            "enum ['x'] is not of",
        ),
        (
            {"type": "string", "constraints": {"minimum": "a"}},
            "constraints/minimum",
            "'minimum' does not fit the type string",
        ),
        (
            {"type": "integer", "constraints": {"minLength": 1}},
            "constraints/minLength",
            "'minLength' does not fit the type integer",
        ),
        (
            {"type": "integer", "constraints": {"pattern": "1"}},
            "constraints/pattern",
            "'pattern' does not fit the type integer",
        ),
        (
            {"type": "string", "constraints": {"minLength": -1}},
            "constraints/minLength",
            "minLength -1 is no whole number from 0",
        ),
        (
            {"type": "string", "constraints": {"pattern": "(("}},
            "constraints/pattern",
            "the pattern '((' cannot be used",
        ),
        ({"type": "string", "constraints": {"pattern": 3}}, "constraints/pattern", "pattern 3 is not a text"),
        (
            {"type": "string", "constraints": {"required": "yes"}},
            "constraints/required",
            "required 'yes' is not true or false",
        ),
        ({"type": "string", "constraints": []}, "constraints", "'constraints' is [], not an object"),
        ({"type": "date", "categories": ["x"]}, "categories", "'categories' does not fit the type date"),
        ({"type": "string", "categories": [{"label": "x"}]}, "categories", "'categories' is not a list of values"),
        ({"type": "string", "categories": ["x", "x"]}, "categories", "categories has 'x' twice"),
        ({"type": "integer", "categories": ["x"]}, "categories/0", "categories 'x' is not of type integer"),
        (
            {"type": "string", "categories": ["x"], "constraints": {"enum": ["y"]}},
            "constraints/enum/0",
            "enum 'y' is not among the categories",
        ),
        (
            {"type": "string", "constraints": {"enum": ["\ud800"]}},
            "",
            r"its descriptor holds half a character ('\ud800')",
        ),
        ({"type": "date", "format": "%c"}, "format", "the format '%c' has %c"),
        ({"type": "text"}, "type", "the type 'text' is not known"),
    ],
)
def test_what_cannot_be_followed_is_a_finding(field, pointer, note):
    [finding] = check_constraints(schema({}, field))
    assert (finding.type, finding.field_name, finding.field_number) == ("field-error", "f1", 2)
    assert finding.pointer == f"/fields/1/{pointer}".rstrip("/")
    assert finding.note.startswith(note)
    if field.get("constraints") not in ([], {"required": "yes"}):
        with pytest.raises(ConfigurationError, match="^field 'f1': "):
            compile_schema(schema({}, field))


JSON_SCHEMAS = [
    (3, "jsonSchema 3 is not an object"),
    ({"type": "objekt"}, "the JSON schema is broken at /type: 'objekt' is not valid"),
    ({"$schema": "http://example.org/x"}, "the JSON schema's version 'http://example.org/x' is not known"),
    ({"$ref": "http://example.org/x"}, "the JSON schema refers to 'http://example.org/x'; only parts of itself"),
    ({"$ref": "#/definitions/x"}, "the JSON schema refers to '#/definitions/x', which it has not"),
    ({"$ref": "#"}, "the JSON schema's references have no end"),
    ({"pattern": "(?=a)"}, "the JSON schema's pattern '(?=a)' cannot be used: look-around"),
    ({"patternProperties": {"(": {}}}, "the JSON schema's pattern '(' cannot be used: unclosed group"),
    ({"unevaluatedProperties": False}, "the JSON schema has 'unevaluatedProperties', which is not read"),
]


@pytest.mark.parametrize(("declared", "note"), JSON_SCHEMAS)
def test_json_schema_that_cannot_be_followed(declared, note):
    [finding] = check_constraints(schema({"type": "object", "constraints": {"jsonSchema": declared}}))
    assert finding.pointer == "/fields/0/constraints/jsonSchema"
    assert finding.note.startswith(note)


def test_json_schema_whose_references_multiply():
    definitions = {f"d{n}": {"allOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 2} for n in range(40)}
    declared = {"definitions": {**definitions, "d40": {}}, "$ref": "#/definitions/d0"}
    [finding] = check_constraints(schema({"type": "object", "constraints": {"jsonSchema": declared}}))
    assert finding.note == "the JSON schema's references have no end"


def test_json_schema_that_is_nested_too_deeply():
    declared: dict = {}
    for _ in range(300):
        declared = {"items": declared}
    [finding] = check_constraints(schema({"type": "array", "constraints": {"jsonSchema": declared}}))
    assert finding.note == "the JSON schema is nested in more than 100 levels"


def test_each_error_of_a_field_is_found():
    field = {"type": "date", "constraints": {"minimum": "a", "maximum": "b", "pattern": "c"}}
    assert len(check_constraints(schema(field, {"type": "integer", "constraints": {"minimum": "x"}}))) == 4


def test_sound_schema_has_no_finding():
    field = {"type": "yearmonth", "constraints": {"minimum": "2024-01", "enum": ["2024-05"], "required": True}}
    assert check_constraints(schema(field, {"type": "year", "constraints": {"maximum": 2024}})) == []

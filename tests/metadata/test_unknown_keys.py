"""Keys that are not of the standard: misspelt, in the wrong place, or somebody's own."""

# ruff: noqa: E501 (one case a line)

import pytest

from tests.metadata.descriptors import dialect, field, package, resource, said, schema

S, F = "/resources/0/schema", "/resources/0/schema/fields/0"


@pytest.mark.parametrize(
    ("descriptor", "pointer", "near"),
    [
        (package(licences=[]), "/licences", "licenses"),
        (package(contributors=[{"titel": "x"}]), "/contributors/0/titel", "title"),
        (package(sources=[{"pat": "x"}]), "/sources/0/pat", "path"),
        (package(licenses=[{"name": "x", "titel": "x"}]), "/licenses/0/titel", "title"),
        (resource(encodng="utf-8"), "/resources/0/encodng", "encoding"),
        (dialect(delimitr=";"), "/resources/0/dialect/delimitr", "delimiter"),
        (schema(primarykey="x"), S + "/primarykey", "primaryKey"),
        (schema(missingValues=[{"value": "", "lable": "x"}]), S + "/missingValues/0/lable", "label"),
        (
            schema(foreignKeys=[{"fields": "x", "reference": {"fields": "x", "resorce": "a"}}]),
            S + "/foreignKeys/0/reference/resorce",
            "resource",
        ),
        (field(constraint={}), F + "/constraint", "constraints"),
        (field(constraints={"patern": "a"}), F + "/constraints/patern", "pattern"),
        (field(type="string", categories=[{"value": "a", "lable": "x"}]), F + "/categories/0/lable", "label"),
    ],
)
def test_misspelt_key(descriptor, pointer, near):
    key = pointer.rpartition("/")[2]
    assert said(descriptor) == []
    ((kind, at, note),) = said(descriptor, "warning")
    assert (kind, at) == ("unknown-property", pointer)
    assert note.endswith(f": {key!r} is no property of the standard; did you mean {near!r}?")


@pytest.mark.parametrize(
    ("descriptor", "pointer", "note"),
    [
        (
            field(required=True),
            F + "/required",
            (
                "resource 'a', field 'x': 'required' is no property of a field; it is a constraint and belongs into "
                "'constraints'"
            ),
        ),
        (
            field(primaryKey=True),
            F + "/primaryKey",
            "resource 'a', field 'x': 'primaryKey' is no property of a field; it belongs to the schema",
        ),
        (
            field(constraints={"missingValues": [""]}),
            F + "/constraints/missingValues",
            (
                "resource 'a', field 'x': 'missingValues' is no property of constraints; it belongs to the field itself, "
                "beside 'constraints'"
            ),
        ),
        (
            resource(primaryKey="x"),
            "/resources/0/primaryKey",
            "resource 'a': 'primaryKey' is no property of a resource; it belongs into its 'schema'",
        ),
        (
            resource(delimiter=";"),
            "/resources/0/delimiter",
            "resource 'a': 'delimiter' is no property of a resource; it belongs into its 'dialect'",
        ),
        (
            schema(constraints={}),
            S + "/constraints",
            "resource 'a', schema: 'constraints' is no property of a schema; it belongs to one of its fields",
        ),
        (
            package(encoding="utf-8"),
            "/encoding",
            "package: 'encoding' is no property of a package; it belongs to one of its resources",
        ),
        (
            dialect(encoding="utf-8"),
            "/resources/0/dialect/encoding",
            "resource 'a', dialect: 'encoding' is no property of a dialect; it belongs to the resource",
        ),
        (
            field(type="string", decimalChar=","),
            F + "/decimalChar",
            "resource 'a', field 'x': 'decimalChar' says nothing about type 'string', only about: number",
        ),
    ],
)
def test_misplaced_key(descriptor, pointer, note):
    assert said(descriptor) == []
    assert said(descriptor, "warning") == [("unknown-property", pointer, note)]


@pytest.mark.parametrize(
    "descriptor",
    [
        package(**{"shuttle:coverage": {}, "dc:licences": 1, "_cache": 1, "temporal": 1, "title@fr": "x"}),
        package(citation="x", readme="x", references=[], data_version="1"),
        resource(author="x", dataset="x", filename="x"),
        field(type="string", group="x", values=[], decimal=2, length=3),
        resource(scheme="file", compression="gz", version="1", keywords=[]),
        field(unit="m", comment="x", source="y"),
        schema(name="x", version="1", contributors=[]),
    ],
)
def test_key_of_ones_own_is_no_warning(descriptor):
    assert said(descriptor, "warning") == []

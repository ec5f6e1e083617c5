"""What no profile can see: names, keys, and parts of a field that do not fit together."""

# ruff: noqa: E501 (one case a line)

from pathlib import Path

import pytest

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package import Package
from shuttle_diplomacy.package.metadata import check_meaning, check_shape, hinders, require_shape
from shuttle_diplomacy.package.storage import Folder
from tests.metadata.descriptors import V1, V2, field, package, resource, said, schema

S, F = "/resources/0/schema", "/resources/0/schema/fields/0"
W, X = "resource 'a', schema: ", "resource 'a', field 'x': "
ORDERED = "integer, number, date, time, datetime, duration, year, yearmonth"


@pytest.mark.parametrize(
    ("descriptor", "pointer", "note"),
    [
        (
            package(resources=[{"name": "a", "path": "a"}, {"name": "a", "path": "b"}, {"name": "a", "path": "c"}]),
            "/resources/1/name",
            "package: 3 resources are named 'a'; a name must occur once",
        ),
        (resource(path="../a.csv"), "/resources/0/path", "resource 'a': path '../a.csv' leads out of the package; use a"),
        (resource(path=["a", "/b"]), "/resources/0/path/1", "resource 'a': path '/b' leads out of the package; use a"),
        (resource(path="b/.x/a"), "/resources/0/path", "resource 'a': path 'b/.x/a' leads out of the package; use a"),
        (resource(path="file:///a"), "/resources/0/path", "resource 'a': 'file:///a' is no address with http, https, ftp"),
        (schema(primaryKey=["yy"]), S + "/primaryKey", W + "primaryKey names the unknown field 'yy'; did you mean 'y'?"),
        (
            resource(schema={"fields": [{"name": "x"}], "foreignKeys": [{"fields": "x", "reference": {"resource": "a", "fields": "x"}}]}),
            S + "/foreignKeys/0/reference/resource",
            W + "a reference to fields of the same table names it, 'a'; 'resource' has to be left out",
        ),
        (
            resource(V1, schema={"fields": [{"name": "x"}], "foreignKeys": [{"fields": "x", "reference": {"resource": "a", "fields": "x"}}]}),
            S + "/foreignKeys/0/reference/resource",
            W + "a reference to fields of the same table names it, 'a'; 'resource' has to be ''",
        ),
        (schema(primaryKey=["x", "x"]), S + "/primaryKey", W + "primaryKey names the field 'x' twice"),
        (schema(uniqueKeys=[["x"], ["q"]]), S + "/uniqueKeys/1", W + "uniqueKeys names the unknown field 'q'"),
        (
            schema(foreignKeys=[{"fields": "q", "reference": {"fields": "x"}}]),
            S + "/foreignKeys/0/fields",
            W + "foreignKeys names the unknown field 'q'",
        ),
        (
            schema(foreignKeys=[{"fields": "x", "reference": {"fields": "q"}}]),
            S + "/foreignKeys/0/reference/fields",
            W + "foreignKeys (reference) names the unknown field 'q'",
        ),
        (
            schema(foreignKeys=[{"fields": "x", "reference": {"resource": "aa", "fields": "x"}}]),
            S + "/foreignKeys/0/reference/resource",
            W + "foreignKeys names the unknown resource 'aa'; did you mean 'a'?",
        ),
        (
            schema(foreignKeys=[{"fields": ["x", "y"], "reference": {"fields": "x"}}]),
            S + "/foreignKeys/0/reference/fields",
            W + "a foreign key must name as many fields as it refers to",
        ),
        (schema(missingValues=["-", "-"]), S + "/missingValues/1", W + "missingValues holds the value '-' twice"),
        (
            schema(missingValues=[{"value": "a", "label": "l"}, {"value": "b", "label": "l"}]),
            S + "/missingValues/1",
            W + "missingValues holds the label 'l' twice",
        ),
        (field(missingValues=["", ""]), F + "/missingValues/1", X + "missingValues holds the value '' twice"),
        (field(type="string", format="emial"), F + "/format", X + "the format 'emial' is not one of type 'string': default, email, uri, binary, uuid; did you mean 'email'?"),
        (field(type="year", format="%Y"), F + "/format", X + "the format '%Y' is not one of type 'year': default"),
        (field(type="geojson", format="geo"), F + "/format", X + "the format 'geo' is not one of type 'geojson': default, topojson"),
        (field(type="integer", constraints={"pattern": "1"}), F + "/constraints/pattern", X + "the constraint 'pattern' does not fit type 'integer', only: string"),
        (field(type="string", constraints={"minimum": 1}), F + "/constraints/minimum", X + f"the constraint 'minimum' does not fit type 'string', only: {ORDERED}"),
        (field(constraints={"maximum": 1}), F + "/constraints/maximum", X + f"the constraint 'maximum' does not fit type 'any' (none is declared), only: {ORDERED}"),
        (field(type="boolean", constraints={"exclusiveMinimum": 1}), F + "/constraints/exclusiveMinimum", X + f"the constraint 'exclusiveMinimum' does not fit type 'boolean', only: {ORDERED}"),
        (field(type="date", constraints={"maxLength": 1}), F + "/constraints/maxLength", X + "the constraint 'maxLength' does not fit type 'date', only: string, array, object, list"),
        (field(type="string", constraints={"jsonSchema": {}}), F + "/constraints/jsonSchema", X + "the constraint 'jsonSchema' does not fit type 'string', only: array, object"),
        (field(type="string", constraints={"minLength": 3, "maxLength": 2}), F + "/constraints/minLength", X + "minLength is 3, which is more than maxLength, 2: no value can fit"),
        (field(type="integer", constraints={"minimum": 3, "maximum": 2.5}), F + "/constraints/minimum", X + "minimum is 3, which is more than maximum, 2.5: no value can fit"),
        (field(type="string", constraints={"enum": ["a", "a"]}), F + "/constraints/enum", X + "enum holds 'a' twice"),
        (field(type="string", categories=["a", "a"]), F + "/categories", X + "categories holds 'a' twice"),
        (
            field(type="string", categories=[{"value": "a", "label": "l"}, {"value": "b", "label": "l"}]),
            F + "/categories",
            X + "categories holds the label 'l' twice",
        ),
        (field(type="number", categories=[1]), F + "/categories", X + "categories do not fit type 'number', only: string, integer"),
        (
            field(type="string", categories=["a"], constraints={"enum": ["a", "b"]}),
            F + "/constraints/enum/1",
            X + "enum holds 'b', which is not in categories",
        ),
        (field(type="boolean", trueValues=["y", "0"]), F + "/trueValues", X + "'0' stands for true and for false"),
        (field(type="number", groupChar="."), F + "/groupChar", X + "groupChar and decimalChar are both '.'"),
    ],
)  # fmt: skip
def test_error(descriptor, pointer, note):
    ((_, at, said_note),) = said(descriptor)
    assert at == pointer
    assert said_note.startswith(note)


@pytest.mark.parametrize("version", [V1, V2])
def test_key_on_a_name_that_several_fields_have(version):
    fields = [{"name": "x"}, {"name": "x"}, {"name": "y"}]
    foreign = [{"fields": "y", "reference": {"fields": "x"}}]
    keys = {"primaryKey": "x", "uniqueKeys": [["y"], ["x", "y"]], "foreignKeys": foreign}
    notes = [note for _, _, note in said(schema(version, fields=fields, **keys))]
    which = ("primaryKey", "uniqueKeys", "foreignKeys (reference)")
    assert notes == [W + f"{key} names 'x', which is the name of several fields" for key in which]


@pytest.mark.parametrize("version", [V1, V2])
def test_name_that_several_fields_have_is_advised_against(version):
    descriptor = schema(version, fields=[{"name": "x"}, {"name": "x"}])
    assert said(descriptor) == []
    note = W + "2 fields are named 'x'; a name should occur once"
    assert said(descriptor, "warning") == [("recommendation", S + "/fields/1/name", note)]


def test_names_of_fields_may_repeat_in_version_1():
    descriptor = schema(V1, fields=[{"name": "x"}, {"name": "x"}])
    assert said(descriptor) == []
    note = W + "2 fields are named 'x'; a name should occur once"
    assert said(descriptor, "warning") == [("recommendation", S + "/fields/1/name", note)]


def test_field_without_type_is_a_string_in_version_1():
    assert said(field(V1, constraints={"pattern": "a"})) == []
    assert said(field(constraints={"pattern": "a"}))


@pytest.mark.parametrize(
    "descriptor",
    [
        package(created="today", homepage="x", contributors=[{}], version=3),
        package(licenses="MIT"),
        resource(title=1, sources=[{}]),
        schema(title=1),
        field(title=1, rdfType="x"),
    ],
)
def test_error_in_what_is_only_told_does_not_hinder(descriptor):
    whole = Package(descriptor, Folder(Path("nowhere")))
    assert check_shape(descriptor)
    assert not any(map(hinders, check_shape(descriptor)))
    assert require_shape(whole) is whole
    assert check_meaning(whole) == []


@pytest.mark.parametrize(
    ("descriptor", "note"),
    [
        ({}, "'resources' has to be a list with at least one resource"),
        (package(resources=[3]), "item 1 of 'resources' is 3, but has to be an object"),
        (resource(path=3), "'path' is 3, but has to be a path"),
        (field(name=1), "'name' is 1, but has to be a text"),
    ],
)
def test_error_in_what_the_model_needs_hinders(descriptor, note):
    with pytest.raises(UnreadableError, match=f"nowhere: the descriptor has 1 error; the first: .*{note}"):
        require_shape(Package(descriptor, Folder(Path("nowhere"))))

"""Primary, unique and foreign keys."""

import time

import pytest

from tests.conftest import TWO, errors


def test_primary_key_is_unique_on_values_not_texts(judged):
    report = judged("id,n\na,1\nb,01\n", primaryKey=["n"])
    assert errors(report) == [("primary-key", 3, 3, "n")]
    assert "n '1' stands in row 2 already" in report.tasks[0].errors[0].note


def test_primary_key_has_no_empty_part(judged):
    assert errors(judged("id,n\na,1\nb,\n", primaryKey=["id", "n"])) == [("primary-key", 3, 3, "n")]


@pytest.mark.parametrize("key", ["primaryKey", "uniqueKeys"])
def test_composite_key(judged, key):
    value = ["id", "n"] if key == "primaryKey" else [["id", "n"]]
    assert judged("id,n\na,1\na,2\nb,1\n", **{key: value}).valid


def test_unique_key_leaves_out_rows_with_an_empty_part(judged):
    report = judged("id,n\na,\na,\nb,1\nb,1\n", uniqueKeys=[["id", "n"]])
    assert errors(report) == [("unique-key", 5, 1, "id")]


def test_unique_field(judged):
    fields = [{"name": "id", "type": "string", "constraints": {"unique": True}}, TWO[1]]
    assert errors(judged("id,n\na,1\na,2\n,3\n,4\n", fields)) == [("unique-error", 3, 1, "id")]


def test_foreign_key_names_the_nearest_key(folder, judged):
    folder.table("leaders", "id,n\nlee,1\nishiba,2\n", primaryKey="id")
    key = {"fields": ["id"], "reference": {"resource": "leaders", "fields": ["id"]}}
    report = judged("id,n\nlee,1\nishibe,2\n,3\n", foreignKeys=[key])
    assert errors(report) == [("foreign-key", 3, 1, "id")]
    assert "'ishibe' is not in leaders.id; did you mean 'ishiba'?" in report.tasks[1].errors[0].note


def test_foreign_key_into_the_same_table(judged):
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "string"}]
    key = {"fields": "n", "reference": {"fields": "id"}}
    assert errors(judged("id,n\na,\nb,a\nc,x\n", fields, foreignKeys=[key])) == [("foreign-key", 4, 3, "n")]


def test_composite_foreign_key_skips_rows_with_an_empty_part(folder, judged):
    folder.table("parents", "id,n\na,1\n")
    key = {"fields": ["id", "n"], "reference": {"resource": "parents", "fields": ["id", "n"]}}
    assert errors(judged("id,n\na,1\na,2\na,\n", foreignKeys=[key])) == [("foreign-key", 3, 1, "id")]


def test_a_parent_that_cannot_be_read_is_reported_once(folder, judged):
    folder.table("parents", "id,m\na,1\n")
    key = {"fields": ["id"], "reference": {"resource": "parents", "fields": ["id"]}}
    assert [e[0] for e in errors(judged("id,n\na,1\n", foreignKeys=[key]))] == ["incorrect-label"]


def test_fields_of_a_key_may_be_named_like_anything(judged):
    fields = [{"name": name, "type": "string"} for name in ("row", "first")]
    assert errors(judged("row,first\na,b\na,b\n", fields, primaryKey=["row", "first"])) == [
        ("primary-key", 3, 1, "row")
    ]


def test_foreign_key_between_different_types(judged):
    fields = [
        {"name": "items", "type": "list"},
        {"name": "number", "type": "number"},
        {"name": "whole", "type": "integer"},
        {"name": "text", "type": "string"},
    ]
    keys = [("items", "text"), ("whole", "number")]
    declared = [{"fields": [one], "reference": {"fields": [other]}} for one, other in keys]
    report = judged('items,number,whole,text\n"a,b",1.0,1,"a,b"\nc,2.5,2,d\n', fields, foreignKeys=declared)
    assert errors(report) == [("foreign-key", 3, 1, "items"), ("foreign-key", 3, 7, "whole")]


def test_many_errors_take_time_in_proportion(judged):
    """Positions, hints and repeated errors were each looked for anew; this took minutes."""
    rows = "".join(f"id{i},x\nragged\n" for i in range(30_000))
    fields = [TWO[0], {"name": "n", "type": "integer", "constraints": {"required": True}}]
    started = time.perf_counter()
    report = judged(f"id,n\n{rows}", fields)
    assert report.tasks[0].error_count == 60_000
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("kind", "cells", "rows"),
    [
        ({"type": "list"}, ['"a,b"', '"a\x1fb"', '"a"'], []),
        ({"type": "list"}, ['"a,b"', "", "", '"a,b"'], [5]),
        ({"type": "list", "itemType": "number"}, ['"-0,1"', '"0,1.0"'], [3]),
        ({"type": "geopoint"}, ['"-0,1"', '"0,1.0"'], [3]),
        ({"type": "geopoint"}, ["", "", '"0,1"'], []),
        ({"type": "duration"}, ["P1Y", "", "", "P12M"], [5]),
        ({"type": "number"}, ["-0", "0", "", ""], [3]),
    ],
)
def test_values_are_equal_where_they_mean_the_same(judged, kind, cells, rows):
    fields = [{"name": "k", "type": "string"}, {"name": "v", **kind, "constraints": {"unique": True}}]
    report = judged("k,v\n" + "".join(f"x,{cell}\n" for cell in cells), fields)
    assert [(f.type, f.row_number) for f in report.tasks[0].errors] == [("unique-error", row) for row in rows]


def test_a_zero_is_shown_without_its_sign(judged):
    fields = [{"name": "k", "type": "number", "constraints": {"unique": True}}]
    report = judged("k\n-0\n0\n", fields)
    assert report.tasks[0].errors[0].note == "k '0.0' stands in row 2 already, but has to be unique"

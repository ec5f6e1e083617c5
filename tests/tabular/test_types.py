"""Lexical rules of the types: what is a value, what is none, what is missing."""

from datetime import date

import polars as pl
import pytest

from shuttle_diplomacy.errors import UnsupportedError
from shuttle_diplomacy.package import Field, open_package
from shuttle_diplomacy.tabular.reader import read_table
from shuttle_diplomacy.tabular.types import reading_of
from tests.conftest import PackageFolder


def read(field: dict, text: str) -> tuple[object, bool]:
    reading = reading_of(Field({"name": "x", **field}))
    frame = pl.DataFrame({"x": [text]}, schema={"x": pl.String})
    return frame.select(reading.value.cast(reading.dtype)).item(), bool(frame.select(reading.wrong).item())


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "12", 12),
        ("integer", "+3", 3),
        ("integer", "-007", -7),
        ("number", "1.5", 1.5),
        ("number", ".5e1", 5.0),
        ("number", "-INF", float("-inf")),
        ("boolean", "true", True),
        ("boolean", "0", False),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("string", " a ", " a "),
        ("any", "1", "1"),
    ],
)
def test_accepts(kind, text, value):
    assert read({"type": kind}, text) == (value, False)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1.0"),
        ("integer", " 1"),
        ("integer", "1_000"),
        ("integer", "\u0661"),
        ("integer", "99999999999999999999"),
        ("number", "1,5"),
        ("number", "inf"),
        ("number", "0x1"),
        ("boolean", "yes"),
        ("boolean", "tRUE"),
        ("date", "2026-1-13"),
        ("date", "2026-02-30"),
        ("date", "0000-01-01"),
        ("date", "13.01.2026"),
        ("date", "2026-01-13T00:00"),
    ],
)
def test_refuses(kind, text):
    assert read({"type": kind}, text) == (None, True)


def test_boolean_texts_can_be_declared():
    field = {"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}
    assert [read(field, t) for t in ("ja", "nein", "true")] == [(True, False), (False, False), (None, True)]


def test_list_items_are_typed(folder: PackageFolder):
    fields = [
        {"name": "id", "type": "string"},
        {"name": "years", "type": "list", "itemType": "integer", "delimiter": ";"},
        {"name": "tags", "type": "list"},
    ]
    folder.table("t", 'id,years,tags\na,1965;1998,"x,y"\nb,1;z,\n', fields)
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert frame.schema["years"] == pl.List(pl.Int64)
    assert frame.rows() == [("a", [1965, 1998], ["x", "y"]), ("b", None, None)]
    assert [(f.row_number, f.field_name, f.cell) for f in findings] == [(3, "years", "1;z")]


def test_missing_values_are_compared_with_the_stored_text(folder: PackageFolder):
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer", "missingValues": ["-"]}]
    folder.table("t", "id,n\n,-\nNA,1\nx,\n", fields, missingValues=["", {"value": "NA", "label": "not asked"}])
    frame, findings = read_table(open_package(folder.root).resource("t"))
    assert frame.rows() == [(None, None), (None, 1), ("x", None)]
    assert [f.type for f in findings] == ["type-error"]


@pytest.mark.parametrize(
    "field", [{"type": "geopoint"}, {"type": "date", "format": "%d"}, {"type": "integer", "groupChar": ","}]
)
def test_what_is_not_read_so_far_is_refused(field):
    with pytest.raises(UnsupportedError, match="'x'.*not read so far"):
        read(field, "1")

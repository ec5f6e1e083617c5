"""Numbers that are kept exactly: ``shuttle:decimal``."""

from decimal import Decimal

import polars as pl
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy.errors import UnsoundTableError
from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.publishing.lexical import csv_bytes
from shuttle_diplomacy.tabular.constraints import constraints_of
from shuttle_diplomacy.tabular.types import reading_of
from shuttle_diplomacy.tabular.types.reading import FieldError
from tests.conftest import PackageFolder, errors

PRICE = {"name": "price", "type": "number", "shuttle:decimal": 2}
ID = {"name": "id", "type": "string"}


def read(text: str | None, **declared: object) -> Decimal | None:
    frame = pl.DataFrame({"price": [text]}, schema={"price": pl.String})
    return frame.select(reading_of(Field({**PRICE, **declared})).value).item()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", "0.10"),
        ("-.5", "-0.50"),
        ("5.", "5.00"),
        ("+7", "7.00"),
        ("1e3", "1000.00"),
        ("12.5e-1", "1.25"),
        ("1.500", "1.50"),
        ("0" * 40 + "1", "1.00"),
        ("9" * 36, "9" * 36 + ".00"),
        ("0.3" + "0" * 60, "0.30"),
    ],
)
def test_number_is_read_exactly(text, value):
    assert read(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["0.125", "9" * 37, "1e36", "1e-3", "1e999999999999", "NaN", "INF", "", ".", "1,5", "1 "]
)
def test_what_does_not_fit_is_wrong(text):
    assert read(text) is None


def test_declared_characters_count():
    assert read("EUR 1.234,50", decimalChar=",", groupChar=".", bareNumber=False) == Decimal("1234.50")


@pytest.mark.parametrize("scale", [-1, 38, "2", 1.5, True])
def test_scale_is_a_number_of_places(scale):
    with pytest.raises(FieldError, match="it has to be a number of decimal places from 0 to 37"):
        read("1", **{"shuttle:decimal": scale})


def test_one_place_more_is_a_type_error(judged):
    report = judged("id,price\na,1.25\nb,1.255\n", [ID, PRICE])
    assert errors(report) == [("type-error", 3, 3, "price")]
    [error] = [f for task in report.all_tasks for f in task.errors]
    assert "with at most 2 decimal places and at most 36 digits before" in error.note


@pytest.mark.parametrize(
    ("constraint", "bad"),
    [
        ({"minimum": 0.3}, "0.29"),
        ({"maximum": "0.30"}, "0.31"),
        ({"exclusiveMinimum": 0.3}, "0.30"),
        ({"exclusiveMaximum": 12345678901234567890}, "12345678901234567890"),
        ({"enum": [0.3, 1]}, "0.31"),
    ],
)
def test_constraints_compare_exactly(judged, constraint, bad):
    price = {**PRICE, "constraints": constraint}
    good = "0.30" if "exclusiveMinimum" not in constraint else "0.31"
    assert errors(judged(f"id,price\na,{good}\nb,{bad}\nc,\n", [ID, price])) == [("constraint-error", 3, 3, "price")]


def test_bound_of_a_field_with_another_decimal_sign():
    [least] = constraints_of(Field({**PRICE, "decimalChar": ",", "constraints": {"minimum": 0.5}}), 0)
    assert least.value == Decimal("0.50")


def test_bound_with_more_places_is_refused():
    with pytest.raises(FieldError, match=r"minimum 0.125 is not of type number.*at most 2 decimal places"):
        constraints_of(Field({**PRICE, "constraints": {"minimum": 0.125}}), 0)


def test_keys_are_equal_where_the_numbers_are(judged):
    assert errors(judged("id,price\na,1.5\nb,1.50\n", [ID, PRICE], primaryKey="price")) == [
        ("primary-key", 3, 3, "price")
    ]


def test_reference_to_numbers_of_another_kind(folder: PackageFolder, judged):
    folder.table("p", "n\n1\n2.5\n", [{"name": "n", "type": "number"}], primaryKey="n")
    key = {"fields": "price", "reference": {"resource": "p", "fields": "n"}}
    report = judged("id,price\na,1.00\nb,2.50\nc,10\n", [ID, PRICE], foreignKeys=[key])
    assert errors(report) == [("foreign-key", 4, 3, "price")]


def test_frame_is_decimal_and_written_as_it_was(folder: PackageFolder):
    data = "id,price\na,0.10\nb,\nc,-12345678901234567890.99\n"
    folder.table("t", data, [ID, PRICE])
    opened = sd.open_package(folder.root)
    frame = opened.load("t")
    assert frame.schema["price"] == pl.Decimal(38, 2)
    assert csv_bytes(frame, Schema({"fields": [ID, PRICE]})) == data.encode()
    assert opened.query("SELECT SUM(price) AS total FROM t").item() == Decimal("-12345678901234567890.89")


def test_number_with_too_many_places_is_not_loaded(folder: PackageFolder):
    folder.table("t", "id,price\na,0.001\n", [ID, PRICE])
    with pytest.raises(UnsoundTableError, match="'0.001' is not of type number: expected a number"):
        sd.open_package(folder.root).load("t")


def test_places_say_nothing_of_other_types(judged):
    report = judged("id\na\n", [{**ID, "shuttle:decimal": 2}])
    notes = [f.note for task in report.all_tasks for f in task.warnings]
    assert any("'shuttle:decimal' says nothing about type 'string', only about: number" in note for note in notes)
